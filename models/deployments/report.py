"""A report in the same form for every provider, and the parsing of its fields."""

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
    """The values are stored. Only a success counts."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What was deployed: a ``repository``, an ``application`` of Argo CD, or a ``service`` by its key."""

    kind: Literal["repository", "application", "service"]
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """One reported deployment.

    ``reference`` is the provider's id, the same in all reports of a deployment. ``environments`` are names of the
    one environment; an Argo CD application has none. ``release`` is the identifier in a field of its own,
    ``mentions`` are texts that may contain one. Without ``at`` it is the time of arrival.
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
    """A valid report that is not recorded; ``why`` is a sentence."""

    why: str


Fields = Mapping[str, Any]


def clean_field(value: Any, limit: int = REPORT_TEXT_LIMIT) -> str:
    """One line without control characters and lone surrogates; empty unless ``value`` is a text or an integer."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return " ".join(_UNFIT.sub(" ", str(value)[: 4 * limit]).split())[:limit]


def object_field(fields: Fields, name: str) -> Fields:
    """Raises :class:`~models.errors.Invalid` if the field is missing or no object."""
    value = fields.get(name)
    if not isinstance(value, Mapping):
        raise Invalid({name: f"The field {name} is missing, or it is no object."})
    return value


def required_text(fields: Fields, name: str) -> str:
    """Raises :class:`~models.errors.Invalid` if the field is missing or no text."""
    text = clean_field(fields.get(name))
    if not text:
        raise Invalid({name: f"The field {name} is missing, or it is no text."})
    return text


def web_address(value: Any) -> str:
    """An HTTP address, else an empty text."""
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
    """ISO 8601, or with a space before the offset as GitLab writes it, as UTC; None if it is neither."""
    text = re.sub(r" (?=[+-]\d|UTC$)", "", clean_field(value)).replace("UTC", "+00:00")
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except OverflowError:
        return None
