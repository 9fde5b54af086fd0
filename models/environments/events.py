"""What can happen to a booking, and to what is in an environment. Moments are ISO texts: events become JSON."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class BookingEvent(Event):
    """Something that happened to a booking, which is the subject.

    ``asked`` are the people who were asked to arbitrate, ``offers`` and ``reminded`` count what the holder was
    sent about it; those messages follow what happens. ``person`` did it, ``system`` if time did.
    """

    kind: ClassVar[str] = "booking"

    environment: str
    name: str
    holder: str
    person: str
    start: str
    end: str
    asked: tuple[str, ...] = ()
    offers: int = 0
    reminded: int = 0


@dataclass(frozen=True, kw_only=True)
class EnvironmentBooked(BookingEvent):
    tag: ClassVar[str] = "environment:booking:booked"


@dataclass(frozen=True, kw_only=True)
class EnvironmentRequested(BookingEvent):
    """There was no place; it waits."""

    tag: ClassVar[str] = "environment:booking:requested"


@dataclass(frozen=True, kw_only=True)
class BookingGranted(BookingEvent):
    """By the environment's manager, or from the waiting list (``in_turn``) when a place became free."""

    tag: ClassVar[str] = "environment:booking:granted"

    in_turn: bool


@dataclass(frozen=True, kw_only=True)
class BookingRefused(BookingEvent):
    """The grounds are the manager's reason."""

    tag: ClassVar[str] = "environment:booking:refused"


@dataclass(frozen=True, kw_only=True)
class TimeOffered(BookingEvent):
    """``proposed_start`` and ``proposed_end`` are the time offered instead, held until ``held_until``."""

    tag: ClassVar[str] = "environment:booking:offered"

    proposed_start: str
    proposed_end: str
    held_until: str


@dataclass(frozen=True, kw_only=True)
class OfferTaken(BookingEvent):
    tag: ClassVar[str] = "environment:offer:taken"


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(BookingEvent):
    tag: ClassVar[str] = "environment:offer:declined"


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(BookingEvent):
    """Nobody answered while it was held."""

    tag: ClassVar[str] = "environment:offer:lapsed"


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(BookingEvent):
    """The manager gave the time from ``proposed_start`` to ``proposed_end`` to another request."""

    tag: ClassVar[str] = "environment:offer:withdrawn"

    proposed_start: str
    proposed_end: str


@dataclass(frozen=True, kw_only=True)
class BookingShortened(BookingEvent):
    """It gave way to a request that the manager granted; ``was`` is when it would have ended."""

    tag: ClassVar[str] = "environment:booking:shortened"

    was: str


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(BookingEvent):
    """It gave way as a whole to a request that the manager granted."""

    tag: ClassVar[str] = "environment:booking:cancelled"


@dataclass(frozen=True, kw_only=True)
class BookingReleased(BookingEvent):
    """It was given back, by its holder or by the environment's manager."""

    tag: ClassVar[str] = "environment:booking:released"


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(BookingEvent):
    tag: ClassVar[str] = "environment:booking:withdrawn"


@dataclass(frozen=True, kw_only=True)
class BookingExtended(BookingEvent):
    tag: ClassVar[str] = "environment:booking:extended"

    was: str


@dataclass(frozen=True, kw_only=True)
class EndReminded(BookingEvent):
    tag: ClassVar[str] = "environment:booking:reminded"


@dataclass(frozen=True, kw_only=True)
class BookingExpired(BookingEvent):
    tag: ClassVar[str] = "environment:booking:expired"


@dataclass(frozen=True, kw_only=True)
class RequestLapsed(BookingEvent):
    """The time it waited for has passed."""

    tag: ClassVar[str] = "environment:booking:lapsed"


@dataclass(frozen=True, kw_only=True)
class ContentRecorded(Event):
    """Versions or test data were put into an environment, the subject; ``person`` said so, if anybody did."""

    tag: ClassVar[str] = "environment:content:recorded"
    kind: ClassVar[str] = "environment"

    versions: dict[str, str]
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class ContentTakenBack(Event):
    """What a release had put into an environment, which is the subject, was taken out again."""

    tag: ClassVar[str] = "environment:content:taken_back"
    kind: ClassVar[str] = "environment"

    items: tuple[str, ...]
