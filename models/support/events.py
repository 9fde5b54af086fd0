from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class KnownErrorEvent(Event):
    """The subject is the known error's number."""

    kind: ClassVar[str] = "known_error"

    known_error_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class KnownErrorRecorded(KnownErrorEvent):
    tag: ClassVar[str] = "known_error:recorded"

    service: str
    status: str


@dataclass(frozen=True, kw_only=True)
class KnownErrorWentLive(KnownErrorEvent):
    """The release it was found in is deployed."""

    tag: ClassVar[str] = "known_error:live"


@dataclass(frozen=True, kw_only=True)
class WorkaroundChanged(KnownErrorEvent):
    """``status`` is the one after the change."""

    tag: ClassVar[str] = "known_error:workaround:changed"

    was: str
    now: str
    status: str


@dataclass(frozen=True, kw_only=True)
class KnownErrorResolved(KnownErrorEvent):
    """The grounds are the solution."""

    tag: ClassVar[str] = "known_error:resolved"


@dataclass(frozen=True, kw_only=True)
class KnownErrorReopened(KnownErrorEvent):
    tag: ClassVar[str] = "known_error:reopened"


@dataclass(frozen=True, kw_only=True)
class IncidentRecorded(Event):
    """Somebody named an unknown incident; the subject is its number."""

    tag: ClassVar[str] = "incident:recorded"
    kind: ClassVar[str] = "incident"


@dataclass(frozen=True, kw_only=True)
class LinkEvent(Event):
    """The subject is the incident's number."""

    kind: ClassVar[str] = "incident"

    known_error_id: int
    known_error: str


@dataclass(frozen=True, kw_only=True)
class IncidentLinked(LinkEvent):
    tag: ClassVar[str] = "incident:linked"


@dataclass(frozen=True, kw_only=True)
class IncidentUnlinked(LinkEvent):
    tag: ClassVar[str] = "incident:unlinked"


@dataclass(frozen=True, kw_only=True)
class IncidentsImported(Event):
    """A file of incidents was read to its end; the subject is the fingerprint of its content.

    ``lines`` is the stored name for the number of records: one that spans several lines counts once.
    """

    tag: ClassVar[str] = "incident:imported"
    kind: ClassVar[str] = "import"

    file_name: str
    lines: int
    broken: int
    counts: dict[str, int]
