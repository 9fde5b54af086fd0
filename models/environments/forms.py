"""What the form of a booking holds, and what can be wrong with it: each sentence under its field."""

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
    """What a person entered; ``release`` is an identifier as they typed it."""

    environment: str
    start: datetime | None
    end: datetime | None
    purpose: str
    release: str = ""
    versions: str = ""
    test_data: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedBooking:
    """A booking that may be made; texts are clean and trimmed, the release is still to be found."""

    environment: Environment
    start: datetime
    end: datetime
    purpose: str
    release: str
    versions: str
    test_data: str


def check_booking(form: BookingForm, catalog: Catalog, now: datetime) -> CheckedBooking:
    """Read ``form``. Raises :class:`~models.errors.Invalid` with every field that is wrong."""
    environment = next((one for one in catalog.environments if one.key == form.environment), None)
    problems = {
        "environment": environment_problem(form.environment, environment),
        **span_problems(form.start, form.end, now, environment, catalog.zone()),
        "purpose": text_problem(form.purpose, PURPOSE_LIMIT, "Say what you need it for."),
        "versions": text_problem(form.versions, DETAIL_LIMIT),
        "test_data": text_problem(form.test_data, DETAIL_LIMIT),
    }
    found = {name: problem for name, problem in problems.items() if problem}
    if found or environment is None or form.start is None or form.end is None:
        raise Invalid(found)
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
    """Why this environment cannot be booked; empty when it can."""
    if environment is None:
        return f"{key!r} is not an environment of the catalog. Choose another one." if key else "Choose one."
    return not_bookable(environment) if environment.production else ""


def not_bookable(environment: Environment) -> str:
    """Why a production environment is not booked."""
    return (
        f"{environment.name} is production: it is not booked, because services run there for the business all the "
        "time. What goes there is a release; ask for one with /release request."
    )


def span_problems(
    start: datetime | None, end: datetime | None, now: datetime, environment: Environment | None, zone: ZoneInfo
) -> dict[str, str]:
    """What is wrong with a time that somebody wants, under ``start`` and ``end``; empty texts where nothing is.

    Pickers show whole minutes, so the minute that runs has not passed.
    """
    return {
        "start": _start_problem(start, now),
        "end": _end_problem(start, end, now) or (length_problem(start, end, environment, zone) if end else ""),
    }


def length_problem(start: datetime | None, end: datetime, environment: Environment | None, zone: ZoneInfo) -> str:
    """Whether a booking is longer than the environment allows; days are the catalog's calendar days."""
    if start is None or environment is None or environment.max_booking is None:
        return ""
    if end <= parse_span(environment.max_booking).after(start, zone):
        return ""
    return (
        f"{environment.name} is booked for {say_span(environment.max_booking)} at most. Choose an earlier end, "
        "or book again when this one is over."
    )


def text_or_missing(text: str, missing: str) -> str:
    """``text``, clean. Raises :class:`~models.errors.Invalid` under ``reason`` when there is none or too much."""
    problem = text_problem(text, DETAIL_LIMIT, missing)
    if problem:
        raise Invalid({"reason": problem})
    return clean(text)


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
