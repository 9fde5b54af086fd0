"""What has to hold for PAY's releases in the example catalog, written apart from the product.

Who may take each verb: docs/process.md#verbs. What the decisions of a round are worth: docs/process.md#approvals.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.clearance import Override
from models.releases.approval.decisions import APPROVED, APPROVED_AFTERWARDS, BYPASSED

REQUESTER = "U0ANN"

DECIDERS = {"U0RITA": "release_manager", "U0OLGA": "owner", "U0TOM": "test_manager"}

ASKED = {"minor": {"release_manager", "owner"}, "emergency": {"release_manager"}}

OWED = {"minor": set(), "emergency": {"owner", "test_manager"}}

MAY: dict[Verb, set[str]] = {
    Verb.START_BUILD: {"U0BEN"},
    Verb.RECORD_BUILD: {"U0BEN"},
    Verb.START_TEST: {"U0BEN", "U0TOM"},
    Verb.RECORD_TEST_RESULT: {"U0RITA", "U0TOM"},
    Verb.ACCEPT_TESTS: {"U0TOM"},
    Verb.GO: {"U0RITA", "U0OLGA"},
    Verb.NO_GO: {"U0RITA", "U0OLGA"},
    Verb.START_DEPLOYMENT: {"U0DANA", "U0RITA"},
    Verb.MARK_DEPLOYED: {"U0DANA", "U0RITA"},
    Verb.VERIFY: {"U0DANA", "U0RITA", "U0TOM"},
    Verb.BACK_OUT: {"U0DANA", "U0RITA"},
    Verb.START_EARLY_LIFE_SUPPORT: {"U0LENA", "U0RITA"},
    Verb.HAND_OVER: {"U0LENA", "U0RITA"},
    Verb.ACCEPT_HANDOVER: {"U0OMAR"},
    Verb.SEND_BACK: {"U0OMAR"},
    Verb.REVIEW: {"U0RITA", "U0OLGA"},
    Verb.RETIRE: {"U0RITA", "U0OLGA"},
    Verb.CANCEL: {"U0ANN", "U0RITA", "U0OLGA"},
    Verb.SUPERSEDE: {"U0RITA", "U0BEN"},
    Verb.BREAK_GLASS: {"U0RITA", "U0OLGA", "U0DANA"},
}
"""Who may take each verb of a release of PAY that Ann requested, and Ben a newer one.

Who decides depends on who stands in for whom.
"""

BEFORE_DEPLOYMENT = {State.APPROVED, State.BUILDING, State.TESTING, State.READY}

SENT_BACK = {State.CHANGES_REQUESTED, State.EXPIRED}


TOO_EARLY = {
    "exit": {State.REQUESTED, *SENT_BACK, State.APPROVED, State.BUILDING},
    "early_life_support": {State.REQUESTED, *SENT_BACK, *BEFORE_DEPLOYMENT, State.DEPLOYING},
}
"""By gate, the states in which none of its criteria can be met, but for documents."""


def deciding(kind: str, delegates: Iterable[tuple[str, str]]) -> set[str]:
    """Who may decide on a release of ``kind``; ``delegates`` are pairs of who is absent and who stands in."""
    own = {person for person, role in DECIDERS.items() if role in ASKED[kind]}
    others = {delegate for delegator, delegate in delegates if delegator in own}
    return own | others - {REQUESTER}


def editing(state: State) -> set[str]:
    if state in SENT_BACK:
        return {REQUESTER}
    return {REQUESTER, "U0RITA"} if state in {State.REQUESTED, *BEFORE_DEPLOYMENT} else set()


def rewriting(state: State) -> set[str]:
    """Rita is the only release manager: without her nobody could approve what she has written."""
    return editing(state) - {"U0RITA"}


def settling(gate: str) -> set[str]:
    return {"U0TOM", "U0RITA", "U0OLGA"} | ({"U0LENA"} if gate == "early_life_support" else set())


def check_decisions(kind: str, state: State, decisions: Sequence[Decision]) -> None:
    """The decisions of the round bear out ``state``."""
    given = [one for one in decisions if one.verdict == APPROVED]
    broken = [one for one in decisions if one.verdict == BYPASSED]
    later = [one for one in decisions if one.verdict == APPROVED_AFTERWARDS]
    acting = [person for one in decisions for person in {one.person, one.standing_in_for} - {None}]
    assert REQUESTER not in acting, "the requester decided, or somebody in their place"
    twice = [person for one in (*given, *later) for person in {one.person, one.standing_in_for} - {None}]
    assert len(twice) == len(set(twice)), "somebody counted twice"
    assert len(broken) <= 1
    if state in BEFORE_DEPLOYMENT | {State.DEPLOYING}:
        assert broken or roles(given) >= ASKED[kind], f"{state} without its approvals: {given}"
    assert not later or OWED[kind]


def roles(decisions: Iterable[Decision]) -> set[str]:
    """The roles in which the decisions were taken: for a stand-in, the delegator's."""
    return {DECIDERS.get(one.standing_in_for or one.person, "") for one in decisions}


def owed_given(kind: str, decisions: Sequence[Decision]) -> bool:
    return roles(one for one in decisions if one.verdict == APPROVED_AFTERWARDS) >= OWED[kind]


def unwaived(findings: Mapping[str, str | None]) -> list[str]:
    return [rule for rule, waived_by in findings.items() if waived_by is None]


GRACE = timedelta(hours=24)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def in_the_way(start: datetime, end: datetime, now: datetime, *, frozen: bool) -> set[str]:
    """What about time is against a deployment of PAY that starts now, whoever may open it."""
    local = now.astimezone(AMSTERDAM)
    against = {
        "window_not_begun": now < start,
        "window_over": now >= end,
        "closed": local.weekday() > 3 or not 9 <= local.hour < 16,
        "freeze": frozen,
    }
    return {code for code, holds in against.items() if holds}


def check_start(
    against: set[str], kind: str, end: datetime, now: datetime, starter: str, overrides: Sequence[Override]
) -> None:
    """Everything ``against`` a deployment that has just started is in an override that held then.

    An emergency's own reaches until a day after its window; nobody deploys on an override of their own.
    """
    holding = [
        one
        for one in overrides
        if one.ended_at is None
        and (one.until > now or (one.kind == "emergency" and now < end + GRACE))
        and not (one.kind == "override" and one.by == starter)
    ]
    assert kind == "emergency" or all(one.kind != "emergency" for one in holding)
    opened = {obstacle["code"] for one in holding for obstacle in one.obstacles}
    assert against <= opened, f"deployed against {against - opened} without an override"
