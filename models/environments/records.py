"""What is shown of environments and their bookings: plain read-only records, with names instead of ids."""

from dataclasses import dataclass
from datetime import datetime

from models.environments.contents import ContentLine
from models.environments.statuses import WAITING


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """One booking; ``name`` is what people call its environment, ``release`` an identifier or empty.

    While it waits, the time from ``proposed_start`` to ``proposed_end`` is held for it until ``held_until``.
    """

    id: int
    environment: str
    name: str
    holder: str
    holder_name: str
    purpose: str
    release: str
    versions: str
    test_data: str
    start_at: datetime
    end_at: datetime
    status: str
    requested_at: datetime
    proposed_start: datetime | None
    proposed_end: datetime | None
    held_until: datetime | None
    offers: int
    offer_outcome: str
    decided_by: str
    reason: str
    ended_at: datetime | None

    @property
    def held(self) -> bool:
        """Whether another time than it asked for is held for it."""
        return self.status == WAITING and self.proposed_start is not None

    @property
    def takes(self) -> tuple[datetime, datetime]:
        """The time that nobody else can have because of it; what it asked for while nothing is held for it."""
        if self.held and self.proposed_start and self.proposed_end:
            return self.proposed_start, self.proposed_end
        return self.start_at, self.end_at


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request as its arbiter sees it: ``in_the_way`` is who has some of its time now, booked or held for them."""

    booking: BookingRecord
    in_the_way: tuple[BookingRecord, ...]


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """The ``count``-th offer of another time; ``stands`` while it may be taken."""

    booking: BookingRecord
    count: int
    stands: bool


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A reminder of the end of a booking: ``open`` while the booking runs and nothing was done about its end."""

    booking: BookingRecord
    open: bool
    running: bool


@dataclass(frozen=True, slots=True)
class BookingNews:
    """What somebody did, or time did, to the booking of a person who is told; ``person_name`` is who."""

    kind: str
    booking: BookingRecord
    person_name: str
    start: datetime
    end: datetime
    was: datetime | None
    in_turn: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EnvironmentUse:
    """Who has an environment now, who comes next, what is held, and who waits; each the first of ``..._count``.

    ``taken`` counts the places that are booked or held now.
    """

    key: str
    name: str
    production: bool
    capacity: int
    taken: int
    now: tuple[BookingRecord, ...]
    now_count: int
    next: tuple[BookingRecord, ...]
    next_count: int
    held: tuple[BookingRecord, ...]
    held_count: int
    waiting: tuple[BookingRecord, ...]
    waiting_count: int


@dataclass(frozen=True, slots=True)
class TestData:
    """The test data set in an environment: since when, and who said so or asked for it."""

    name: str
    person_name: str
    since: datetime
    asked_for: bool


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """Everything about one environment; ``asked_for`` are the bookings of now that say which versions they need."""

    use: EnvironmentUse
    manager_name: str
    max_booking: str
    test_data: TestData | None
    asked_for: tuple[BookingRecord, ...]
    contents: tuple[ContentLine, ...]
