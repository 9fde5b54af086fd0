from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, Environment
from models.errors import Invalid
from models.limits import DETAIL_LIMIT, PURPOSE_LIMIT, RELEASE_LIMIT
from models.text import clean, text_problem
from models.time.spans import parse_span, say_span


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingForm:
    """As submitted; ``release`` is an identifier as somebody typed it."""

    environment: str
    start: datetime | None
    end: datetime | None
    purpose: str
    release: str = ""
    versions: str = ""
    test_data: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedBooking:
    """A valid form; the release is still to be looked up."""

    environment: Environment
    start: datetime
    end: datetime
    purpose: str
    release: str
    versions: str
    test_data: str


def check_booking(form: BookingForm, catalog: Catalog, now: datetime) -> CheckedBooking:
    """Raises :class:`~models.errors.Invalid` with every wrong field."""
    environment = catalog.environment(form.environment)
    problems = {
        "environment": environment_problem(form.environment, environment),
        **span_problems(form.start, form.end, now, environment, catalog.zone()),
        "purpose": text_problem(form.purpose, PURPOSE_LIMIT, "Say what you need it for."),
        "versions": text_problem(form.versions, DETAIL_LIMIT),
        "test_data": text_problem(form.test_data, DETAIL_LIMIT),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or environment is None or form.start is None or form.end is None:
        raise Invalid(wrong)
    return CheckedBooking(
        environment=environment,
        start=form.start,
        end=form.end,
        purpose=" ".join(clean(form.purpose).split()),
        release=clean(form.release)[:RELEASE_LIMIT],
        versions=clean(form.versions),
        test_data=clean(form.test_data),
    )


def environment_problem(key: str, environment: Environment | None) -> str:
    """Why this environment can't be booked; empty if it can."""
    if environment is None:
        return f"{key!r} is not an environment of the catalog. Choose another one." if key else "Choose one."
    return "" if environment.bookable else production_sentence(environment)


def production_sentence(environment: Environment) -> str:
    """The sentence about production."""
    return (
        f"{environment.name} is production: it is not booked, because services run there for the business all the "
        "time. What goes there is a release; ask for one with /release request."
    )


def span_problems(
    start: datetime | None, end: datetime | None, now: datetime, environment: Environment | None, zone: ZoneInfo
) -> dict[str, str]:
    """Problems under ``start`` and ``end``, empty where there is none.

    Slack's pickers show whole minutes, so the current minute hasn't passed.
    """
    return {
        "start": _start_problem(start, now),
        "end": _end_problem(start, end, now) or (length_problem(start, end, environment, zone) if end else ""),
    }


def length_problem(start: datetime | None, end: datetime, environment: Environment | None, zone: ZoneInfo) -> str:
    """Why a booking is longer than the environment allows; days count on the calendar of ``zone``."""
    if start is None or environment is None or environment.max_booking is None:
        return ""
    if end <= parse_span(environment.max_booking).after(start, zone):
        return ""
    return (
        f"{environment.name} is booked for {say_span(environment.max_booking)} at most. Choose an earlier end, "
        "or book again when this one is over."
    )


def _start_problem(start: datetime | None, now: datetime) -> str:
    if start is None:
        return "Say from when you need it."
    return "This has passed. Choose a later start." if start < now.replace(second=0, microsecond=0) else ""


def _end_problem(start: datetime | None, end: datetime | None, now: datetime) -> str:
    if end is None:
        return "Say until when you need it."
    if start is not None and end <= start:
        return "It ends before it starts. Choose a later end."
    return "This has passed. Choose a later end." if end <= now else ""
