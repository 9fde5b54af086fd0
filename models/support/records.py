"""What is shown of known errors and incidents: plain read-only records, with names instead of ids."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident in a list."""

    number: str
    opened_at: datetime
    symptom: str


@dataclass(frozen=True, slots=True)
class KnownErrorRecord:
    """Everything about one known error; ``incidents`` are the latest of the ``incident_count`` linked ones.

    ``service`` is its service's name, ``release`` the identifier of the release it was found in. ``live`` is false
    while that release is still to be deployed.
    """

    id: int
    number: str
    origin: str
    title: str
    service: str
    ci: str
    symptom: str
    workaround: str
    severity: str
    status: str
    release: str
    live: bool
    recorded_by: str
    recorded_at: datetime
    resolved_by: str
    resolved_at: datetime | None
    solution: str
    incident_count: int
    incidents: tuple[IncidentLine, ...] = ()

    @property
    def status_words(self) -> str:
        """Its status as people read it: ``under investigation``."""
        return self.status.replace("_", " ")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: the likeliest first. ``all_words`` is false when no known error has all the words."""

    words: str
    known_errors: tuple[KnownErrorRecord, ...]
    more: bool
    all_words: bool = True


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """Everything about one incident, with the known errors it is linked to."""

    number: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    state: str
    priority: int | None
    ci: str
    service: str
    symptom: str
    change: str
    caused_by: str
    known_errors: tuple[KnownErrorRecord, ...]


@dataclass(frozen=True, slots=True)
class ReleaseChoice:
    """A release that a known error may have been found in."""

    id: int
    identifier: str
    title: str
