"""What is shown of environments and their bookings: plain read-only records, with names instead of ids."""

from dataclasses import dataclass
from datetime import datetime

from models.environments.contents import ContentLine


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """One booking; ``name`` is what people call its environment, ``release`` an identifier or empty."""

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
    decided_by: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request as its arbiter sees it: ``in_the_way`` are the bookings that have some of its time now."""

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
    """Who has an environment now, who comes next, and who waits; each the first of ``..._count``."""

    key: str
    name: str
    production: bool
    capacity: int
    now: tuple[BookingRecord, ...]
    next: tuple[BookingRecord, ...]
    next_count: int
    waiting: tuple[BookingRecord, ...]
    waiting_count: int


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """Everything about one environment. ``test_data`` is the set of the latest booking that names one."""

    use: EnvironmentUse
    manager_name: str
    max_booking: str
    test_data: BookingRecord | None
    contents: tuple[ContentLine, ...]
