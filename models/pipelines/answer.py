"""The answer to a pipeline as it is stored and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.pipelines.decision import PipelineDecision


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelineReason:
    """Why not, or why so. ``people`` are those who can settle it, in words; ``roles`` theirs."""

    code: str
    text: str
    key: str = ""
    hard: bool = True
    opens: datetime | None = None
    roles: tuple[str, ...] = ()
    people: str = ""

    def as_stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "key": self.key,
            "text": self.text,
            "hard": self.hard,
            "opens": self.opens.isoformat() if self.opens else "",
            "roles": list(self.roles),
            "people": self.people,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelineAnswer:
    """``token`` is empty for an answer that isn't kept. ``reasons`` are as stored.

    ``release_id`` leads to the card of the release that was meant, if there is one.
    """

    decision: PipelineDecision
    said: str
    token: str = ""
    service: str = ""
    environment: str = ""
    release: str = ""
    release_id: int | None = None
    reasons: Sequence[Mapping[str, Any]] = ()
    bound_to: str = ""
    next_allowed: datetime | None = None
    holds_until: datetime | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """What a pipeline gets, before :class:`~models.pipelines.links.Links` are put in.

        Fields are added, never changed or taken away.
        """
        approvals = [
            {"role": role, "people": one.get("people", "")}
            for one in self.reasons
            if one["code"] in ("approvals", "approver_left")
            for role in one.get("roles", ())
        ]
        return {
            "id": self.token,
            "decision": self.decision.value,
            "said": self.said,
            "service": self.service,
            "environment": self.environment,
            "release": self.release,
            "release_url": "",
            "reasons": [
                {
                    "code": one["code"],
                    "text": one["text"],
                    "hard": one["hard"],
                    "opens_at": one.get("opens") or None,
                    "people": one.get("people", ""),
                    "link": "",
                }
                for one in self.reasons
            ],
            "missing_approvals": approvals,
            "next_allowed_at": _written(self.next_allowed),
            "holds_until": _written(self.holds_until),
            "bound_to": self.bound_to or None,
            "answered_at": _written(self.answered_at),
            "poll": "",
        }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
