"""When a release may be deployed next: within its window, the service's deployment windows, outside freezes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.deployment_windows import open_until, openings
from models.catalog.document import Window
from models.lifecycle.obstacle_codes import Code
from models.releases.clearance.facts import ClearanceFacts
from models.time.days import days_between

_WEEK = timedelta(days=8)
"""Whatever recurs every week recurs in it, also where the clocks change."""


def next_allowed(facts: ClearanceFacts) -> datetime | None:
    """This moment or the next one that nothing about time is against; None if the window has none left.

    What an override opens is not in the way.
    """
    if facts.ignores_time:
        return facts.now
    moment = facts.now if _opened(facts, Code.WINDOW_NOT_BEGUN) else max(facts.now, facts.start)
    if facts.now >= facts.end and _opened(facts, Code.WINDOW_OVER):
        return facts.now
    while moment < facts.end:
        later = _in_the_way_until(facts, moment)
        if later is None:
            return moment
        moment = later
    return None


def opens_next(windows: Sequence[Window], after: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next deployment window begins after ``after``."""
    today = after.astimezone(zone).date()
    begins = (opens for day in days_between(today, today + _WEEK) for opens, _ in openings(windows, day, zone))
    return next((opens for opens in begins if opens > after), None)


def _in_the_way_until(facts: ClearanceFacts, moment: datetime) -> datetime | None:
    """When that is over which is against ``moment``; None if nothing is."""
    windows = facts.service.policy.windows
    if windows and not _opened(facts, Code.CLOSED) and open_until(windows, moment, moment, facts.zone) is None:
        return opens_next(windows, moment, facts.zone) or facts.end
    ends = [
        freeze.ends
        for freeze in facts.freezes
        if freeze.touches(moment, moment)
        and not (freeze.kind != "hard" and freeze.key in facts.waived_freezes)
        and (Code.FREEZE.value, freeze.key) not in facts.opened
        and Code.FREEZE not in facts.service.policy.observe
    ]
    return max(ends, default=None)


def _opened(facts: ClearanceFacts, code: Code) -> bool:
    """By an override, or because it is on trial."""
    return (code.value, "") in facts.opened or code in facts.service.policy.observe
