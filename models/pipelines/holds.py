"""How long an answer holds: a pure rule."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.catalog.deployment_windows import open_until
from models.lifecycle.obstacle_codes import Code
from models.releases.clearance.facts import ClearanceFacts

LONGEST = timedelta(minutes=5)
"""After that a pipeline asks again."""


def answer_holds_until(facts: ClearanceFacts, overrides_end: Iterable[datetime] = ()) -> datetime:
    """Until what is known now comes in the way, :data:`LONGEST` at most.

    ``overrides_end`` are the moments from which overrides that are needed open nothing.
    """
    now = facts.now
    ends = [now + LONGEST, *overrides_end]
    observed = facts.service.policy.observe
    if not facts.ignores_time:
        ends.append(facts.end)
        if Code.FREEZE not in observed:
            ends += [
                one.starts for one in facts.freezes if one.key not in facts.waived_freezes or one.kind == "hard"
            ]
        if facts.service.policy.windows and Code.CLOSED not in observed:
            closes = open_until(facts.service.policy.windows, now, now + LONGEST, facts.zone)
            ends += [closes] if closes else []
    return min(moment for moment in ends if moment > now)
