"""Whether production may be touched: all rules of clearance together."""

from models.lifecycle.obstacle_codes import ABOUT_TIME
from models.releases.clearance.facts import ClearanceFacts
from models.releases.clearance.next_allowed import next_allowed
from models.releases.clearance.obstacles import Clearance, Obstacle
from models.releases.clearance.rules import NEVER_OVERRIDDEN, RULES


def judge_clearance(facts: ClearanceFacts) -> Clearance:
    """What stands in the way, and what would if nothing opened it."""
    found = [obstacle for rule, asked in RULES.values() if facts.asked in asked for obstacle in rule(facts)]
    standing = [one for one in found if not _is_open(facts, one) and one.code not in facts.service.policy.observe]
    return Clearance(
        obstacles=tuple(sorted(standing, key=lambda one: -one.weight)),
        passed=tuple(one for one in found if _is_open(facts, one)),
        next_allowed=next_allowed(facts),
        observed=tuple(
            one for one in found if not _is_open(facts, one) and one.code in facts.service.policy.observe
        ),
    )


def _is_open(facts: ClearanceFacts, one: Obstacle) -> bool:
    if one.code in NEVER_OVERRIDDEN:
        return False
    return (facts.ignores_time and one.code in ABOUT_TIME) or one.name in facts.opened
