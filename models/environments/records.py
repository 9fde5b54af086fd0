"""What people see of environments and bookings: read-only, with names instead of ids."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """``name`` is the environment's, ``release`` an identifier or empty.

    ``held`` says that the time from ``proposed_start`` to ``proposed_end`` is held for it, until ``held_until``.
    ``takes`` are start and end of the held time, or else of its own.
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
    proposed_start: datetime | None
    proposed_end: datetime | None
    held_until: datetime | None
    offers: int
    offer_outcome: str
    decided_by: str
    reason: str
    ended_at: datetime | None
    held: bool
    takes: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """For its arbiter; ``in_the_way`` are the bookings and held times that overlap."""

    booking: BookingRecord
    in_the_way: tuple[BookingRecord, ...]


@dataclass(frozen=True, slots=True)
class GrantChoice:
    """For an arbiter who grants a request that has no place: some bookings and held times have to give way.

    ``must_go`` are the ids of those ``in_the_way`` that leave just enough room.
    """

    booking: BookingRecord
    in_the_way: tuple[BookingRecord, ...]
    must_go: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """The ``count``-th offer; ``stands`` while it may be taken."""

    booking: BookingRecord
    count: int
    stands: bool


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """Of the end of a booking: ``open`` while the booking runs and nobody has acted on the reminder."""

    booking: BookingRecord
    open: bool
    running: bool


@dataclass(frozen=True, slots=True)
class BookingNews:
    """What became of a booking, for its holder; ``person_name`` did it, empty if time did."""

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
    """Bookings of now, later bookings, held times and waiting requests: each tuple has the first of ``..._count``.

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
    """``person_name`` stated it, or ``asked_for`` it with a booking."""

    name: str
    person_name: str
    since: datetime
    asked_for: bool


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A version of an item or service. ``since`` is None if it comes from the catalog.

    ``release`` is the identifier of the release that brought it, ``said_by`` the name of a person who stated it.
    """

    ci: str
    name: str
    version: str
    since: datetime | None = None
    release: str = ""
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """``asked_for`` are the current bookings that name the versions they need."""

    use: EnvironmentUse
    manager_name: str
    max_booking: str
    test_data: TestData | None
    asked_for: tuple[BookingRecord, ...]
    contents: tuple[ContentLine, ...]
