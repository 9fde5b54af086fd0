from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IncidentLine:
    number: str
    opened_at: datetime
    symptom: str


@dataclass(frozen=True, slots=True)
class KnownErrorRecord:
    """A known error with names instead of ids; ``incidents`` are the latest of ``incident_count``.

    ``service`` is a name, ``release`` the identifier of the release it was found in. ``live`` is false until that
    release is deployed.
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
        """``under investigation``."""
        return self.status.replace("_", " ")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Best match first. ``all_words`` is false if no known error has all the words, so that some are enough."""

    words: str
    known_errors: tuple[KnownErrorRecord, ...]
    more: bool
    all_words: bool = True


@dataclass(frozen=True, slots=True)
class IncidentRecord:
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
