"""The rules of clearance: facts in, obstacles out. docs/clearance.md has them as a table."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from models.catalog.deployment_windows import open_until, within_windows
from models.catalog.freezes import FreezeInForce
from models.catalog.roles import role_words
from models.lifecycle.obstacle_codes import Code
from models.releases.clearance.facts import ClearanceFacts
from models.releases.clearance.next_allowed import opens_next
from models.releases.clearance.obstacles import Asked, Obstacle
from models.releases.policy.rules.collisions import colliding, collision
from models.releases.policy.rules.findings import Weight
from models.releases.policy.rules.windows import say_windows
from models.risk_levels import is_above
from models.time.days import say_moment, say_window

ClearanceRule = Callable[[ClearanceFacts], Iterator[Obstacle]]

WEIGHTS: Mapping[Code, Weight | None] = {
    Code.WINDOW_NOT_BEGUN: Weight.SOFT,
    Code.WINDOW_OVER: Weight.HARD,
    Code.CLOSED: Weight.SOFT,
    Code.FREEZE: None,
    Code.OTHER_DEPLOYMENT: Weight.SOFT,
    Code.COLLISION: Weight.SOFT,
    Code.APPROVALS: Weight.HARD,
    Code.APPROVER_LEFT: Weight.SOFT,
    Code.GATE: Weight.HARD,
    Code.VERSION: Weight.HARD,
    Code.RISK: Weight.SOFT,
}
"""A freeze is as hard as it says."""


def _not_begun(facts: ClearanceFacts) -> Iterator[Obstacle]:
    if facts.now < facts.start:
        yield _obstacle(Code.WINDOW_NOT_BEGUN, f"Its window hasn't begun: {_window(facts)}.", opens=facts.start)


def _over(facts: ClearanceFacts) -> Iterator[Obstacle]:
    if facts.now >= facts.end:
        yield _obstacle(Code.WINDOW_OVER, f"Its window is over: {_window(facts)}. It needs a new one.")


def _window(facts: ClearanceFacts) -> str:
    return say_window(facts.start, facts.end, facts.zone)


def _closed(facts: ClearanceFacts) -> Iterator[Obstacle]:
    windows = facts.service.policy.windows
    if facts.asked is Asked.GO:
        start = max(facts.start, facts.now)
        if start >= facts.end or within_windows(windows, start, facts.end, facts.zone):
            return
        when = "and its window isn't all within that"
    else:
        if not windows or open_until(windows, facts.now, facts.now, facts.zone) is not None:
            return
        when = "not now"
    opens = opens_next(windows, facts.now, facts.zone) if facts.asked is Asked.START else None
    said = say_windows(facts.service, facts.zone)
    yield _obstacle(Code.CLOSED, f"{facts.service.name} is deployed {said}, {when}.", opens=opens)


def _freezes(facts: ClearanceFacts) -> Iterator[Obstacle]:
    start, end = (max(facts.start, facts.now), facts.end) if facts.asked is Asked.GO else (facts.now, facts.now)
    if facts.asked is Asked.GO and start >= end:
        return
    for freeze in facts.freezes:
        if not freeze.touches(start, end) or (freeze.kind != "hard" and freeze.key in facts.waived_freezes):
            continue
        yield Obstacle(
            Code.FREEZE,
            Weight.HARD if freeze.kind == "hard" else Weight.SOFT,
            _freeze_words(facts, freeze),
            freeze.ends,
            freeze.key,
        )


def _freeze_words(facts: ClearanceFacts, freeze: FreezeInForce) -> str:
    until = say_moment(freeze.ends, facts.zone)
    if facts.asked is Asked.GO:
        return f"The {freeze.kind} freeze {freeze.name} touches its window, until {until}."
    return f"The {freeze.kind} freeze {freeze.name} holds until {until}."


def _other_deployments(facts: ClearanceFacts) -> Iterator[Obstacle]:
    for other in facts.under_way:
        yield _obstacle(
            Code.OTHER_DEPLOYMENT,
            f"{other.identifier} of {other.service_name} is being deployed. It has to be marked deployed or backed "
            "out first.",
            key=other.identifier,
        )


def _collisions(facts: ClearanceFacts) -> Iterator[Obstacle]:
    start = max(facts.start, facts.now)
    if start >= facts.end:
        return
    for other in colliding(facts.planned, start, facts.end):
        if other.identifier not in facts.waived_collisions:
            yield _obstacle(Code.COLLISION, collision(facts.catalog, other, facts.zone), key=other.identifier)


def _approvals(facts: ClearanceFacts) -> Iterator[Obstacle]:
    if facts.missing_roles:
        yield _obstacle(
            Code.APPROVALS,
            f"Approvals of this round are missing: {role_words(facts.missing_roles)}.",
            roles=facts.missing_roles,
        )


def _approvers_who_left(facts: ClearanceFacts) -> Iterator[Obstacle]:
    for one in facts.left:
        yield _obstacle(
            Code.APPROVER_LEFT,
            f"{one.name} approved it as {role_words([one.role])} and isn't that any more.",
            key=one.person,
            roles=(one.role,),
        )


def _gates(facts: ClearanceFacts) -> Iterator[Obstacle]:
    for lack in facts.lacking:
        words = f"{lack.what[:1].upper()}{lack.what[1:]}"
        yield _obstacle(Code.GATE, f"{words}.", key=lack.what, roles=lack.roles)


def _version(facts: ClearanceFacts) -> Iterator[Obstacle]:
    if facts.difference:
        yield _obstacle(Code.VERSION, facts.difference, key=facts.difference)


def _risk(facts: ClearanceFacts) -> Iterator[Obstacle]:
    if is_above(facts.risk, facts.risk_at_request):
        why = f" {facts.risk_decided_by}" if facts.risk_decided_by else ""
        yield _obstacle(
            Code.RISK,
            f"Its risk is {facts.risk} by now; it was {facts.risk_at_request} when it was requested.{why}",
            key=facts.risk,
        )


BOTH = (Asked.GO, Asked.START)

RULES: Mapping[Code, tuple[ClearanceRule, tuple[Asked, ...]]] = {
    Code.WINDOW_NOT_BEGUN: (_not_begun, (Asked.START,)),
    Code.WINDOW_OVER: (_over, BOTH),
    Code.CLOSED: (_closed, BOTH),
    Code.FREEZE: (_freezes, BOTH),
    Code.OTHER_DEPLOYMENT: (_other_deployments, (Asked.START,)),
    Code.COLLISION: (_collisions, (Asked.GO,)),
    Code.APPROVALS: (_approvals, BOTH),
    Code.APPROVER_LEFT: (_approvers_who_left, BOTH),
    Code.GATE: (_gates, BOTH),
    Code.VERSION: (_version, (Asked.START,)),
    Code.RISK: (_risk, (Asked.GO,)),
}
"""The rule of each obstacle and when it is asked, in the order in which obstacles are named."""

NEVER_OVERRIDDEN = (Code.VERSION,)
"""Not even broken glass lets something be deployed that nobody approved: the release has to change."""


def _obstacle(
    code: Code, text: str, *, opens: datetime | None = None, key: str = "", roles: tuple[str, ...] = ()
) -> Obstacle:
    weight = WEIGHTS[code]
    if weight is None:
        raise ValueError(f"{code} has a weight of its own")
    return Obstacle(code, weight, text, opens, key, roles)
