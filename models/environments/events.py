"""Events of bookings and of what is in an environment. Moments are ISO texts, because events become JSON."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class BookingEvent(Event):
    """The subject is a booking; ``person`` did it, or ``system`` if time did.

    ``asked`` are the people who were asked to arbitrate, ``offers`` and ``reminded`` count the messages to the
    holder: those messages are updated by what happens later.
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
    """No place was free, so it waits."""

    tag: ClassVar[str] = "environment:booking:requested"


@dataclass(frozen=True, kw_only=True)
class BookingGranted(BookingEvent):
    """By the manager, or from the waiting list (``in_turn``) when a place became free."""

    tag: ClassVar[str] = "environment:booking:granted"

    in_turn: bool


@dataclass(frozen=True, kw_only=True)
class BookingRefused(BookingEvent):
    """The grounds are the manager's reason."""

    tag: ClassVar[str] = "environment:booking:refused"


@dataclass(frozen=True, kw_only=True)
class TimeOffered(BookingEvent):
    """Another time is offered, and held until ``held_until``."""

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
    """Nobody answered while the time was held."""

    tag: ClassVar[str] = "environment:offer:lapsed"


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(BookingEvent):
    """The manager gave the offered time to another request."""

    tag: ClassVar[str] = "environment:offer:withdrawn"

    proposed_start: str
    proposed_end: str


@dataclass(frozen=True, kw_only=True)
class BookingShortened(BookingEvent):
    """It gave way to a granted request; ``was`` is when it would have ended."""

    tag: ClassVar[str] = "environment:booking:shortened"

    was: str


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(BookingEvent):
    """It gave way entirely to a granted request."""

    tag: ClassVar[str] = "environment:booking:cancelled"


@dataclass(frozen=True, kw_only=True)
class BookingGivenBack(BookingEvent):
    """Given back by its holder or the manager."""

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
    """The subject is an environment; ``person`` stated the versions, if no deployment did."""

    tag: ClassVar[str] = "environment:content:recorded"
    kind: ClassVar[str] = "environment"

    versions: dict[str, str]
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class ContentTakenBack(Event):
    """What a release had put into an environment, the subject, was undone."""

    tag: ClassVar[str] = "environment:content:taken_back"
    kind: ClassVar[str] = "environment"

    items: tuple[str, ...]
