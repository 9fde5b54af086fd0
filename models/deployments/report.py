"""What a pipeline says about one deployment, whoever it comes from, and reading single fields of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import urlsplit

from models.errors import Invalid
from models.limits import REPORT_TEXT_LIMIT, URL_LIMIT

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class ReportedOutcome(StrEnum):
    """What became of a deployment; the value is what the database holds. Only one that succeeded counts."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"

    @property
    def words(self) -> str:
        """The outcome as people read it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What was deployed: a ``repository``, an ``application`` of Argo CD, or a ``service`` by its key."""

    kind: Literal["repository", "application", "service"]
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """One deployment as it was reported.

    ``reference`` names it at its provider: later reports of the same deployment have the same. ``environments``
    are the names of the place; an Argo CD application has none. ``release`` is the identifier that was given for
    it, ``mentions`` are texts that may name one. Without ``at`` it happened when the report arrived.
    """

    provider: str
    reference: str
    source: ReportSource
    environments: tuple[str, ...]
    outcome: ReportedOutcome
    version: str = ""
    title: str = ""
    url: str = ""
    release: str = ""
    mentions: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A report that is understood and of which nothing is kept; ``why`` is a sentence."""

    why: str


Fields = Mapping[str, Any]


def clean_field(value: Any, limit: int = REPORT_TEXT_LIMIT) -> str:
    """A text in one line without what neither databases nor Slack take; anything but a text or number is empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return " ".join(_UNFIT.sub(" ", str(value)[: 4 * limit]).split())[:limit]


def object_field(fields: Fields, name: str) -> Fields:
    """The object in the field ``name``; raises :class:`~models.errors.Invalid` where there is none."""
    found = fields.get(name)
    if not isinstance(found, Mapping):
        raise Invalid({name: f"The field {name} is missing, or it is no object."})
    return found


def required_text(fields: Fields, name: str) -> str:
    """The text in the field ``name``; raises :class:`~models.errors.Invalid` where there is none."""
    found = clean_field(fields.get(name))
    if not found:
        raise Invalid({name: f"The field {name} is missing, or it is no text."})
    return found


def web_address(value: Any) -> str:
    """An address that a browser opens, else nothing."""
    text = value if isinstance(value, str) else ""
    try:
        usable = urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)
    except ValueError:
        return ""
    return (
        text
        if usable and len(text) <= URL_LIMIT and not re.search(r"[\s<>|\x00-\x1f\x7f-\x9f\ud800-\udfff]", text)
        else ""
    )


def parse_moment(value: Any) -> datetime | None:
    """A moment as providers write it (ISO 8601, also with a space before the offset); None where there is none."""
    text = re.sub(r" (?=[+-]\d|UTC$)", "", clean_field(value)).replace("UTC", "+00:00")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
