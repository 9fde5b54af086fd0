"""What an emergency passes over: docs/process.md#emergencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.deployment_windows import within_windows
from models.catalog.document import Service
from models.catalog.freezes import FreezeInForce
from models.lifecycle.obstacle_codes import Code
from models.releases.policy.rules.windows import say_windows
from models.time.days import say_moment

EMERGENCY_GRACE = timedelta(hours=24)
"""How long after its window nothing about time holds up an emergency."""


@dataclass(frozen=True, slots=True)
class PassedRule:
    """Named as the obstacle that it would be."""

    code: Code
    key: str
    text: str


def rules_passed_over(
    service: Service, zone: ZoneInfo, start: datetime, end: datetime, freezes: Iterable[FreezeInForce]
) -> tuple[PassedRule, ...]:
    """What its planned window has against it."""
    closed = (
        ()
        if within_windows(service.policy.windows, start, end, zone)
        else (PassedRule(Code.CLOSED, "", f"{service.name} is deployed {say_windows(service, zone)}."),)
    )
    met = tuple(
        PassedRule(
            Code.FREEZE, one.key, f"The {one.kind} freeze {one.name} holds until {say_moment(one.ends, zone)}."
        )
        for one in freezes
        if one.touches(start, end)
    )
    return (*closed, *met)
