from dataclasses import dataclass
from datetime import datetime

from models.pipelines.question import Tool


@dataclass(frozen=True, slots=True)
class PipelineNotice:
    """What a release's thread tells of a pipeline.

    ``kind`` is ``withheld``, ``given`` or ``away``. ``what`` is the version that was asked about, ``actor`` the
    person who runs the pipeline or what it calls them. ``reasons`` are in words, ``mentions`` Slack ids.
    """

    kind: str
    tool: Tool
    service: str
    environment: str
    what: str
    actor: str
    run_url: str
    identifier: str
    decision: str
    bound_to: str
    reasons: tuple[str, ...]
    next_allowed: datetime | None
    at: datetime
    reason: str
    mentions: tuple[str, ...]
