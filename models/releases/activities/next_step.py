"""The next verb of a release: a pure rule over its state and the facts that gates look at."""

from collections.abc import Mapping

from models.lifecycle.lifecycle import State, Verb
from models.releases.activities.gates import GateFacts

_NEXT: Mapping[State, tuple[str, Verb | None, Verb | None]] = {
    State.APPROVED: ("goes_first", Verb.START_DEPLOYMENT, Verb.START_BUILD),
    State.BUILDING: ("build", Verb.START_TEST, Verb.RECORD_BUILD),
    State.TESTING: ("acceptable", Verb.ACCEPT_TESTS, Verb.RECORD_TEST_RESULT),
    State.READY: ("authorised", Verb.START_DEPLOYMENT, Verb.GO),
    State.DEPLOYING: ("go", Verb.MARK_DEPLOYED, Verb.MARK_DEPLOYED),
    State.DEPLOYED: ("verified", Verb.START_EARLY_LIFE_SUPPORT, Verb.VERIFY),
    State.EARLY_LIFE_SUPPORT: ("offered", Verb.ACCEPT_HANDOVER, Verb.HAND_OVER),
    State.HANDED_OVER: ("reviewed", None, Verb.REVIEW),
}
"""By state: a fact, the verb that follows if it holds, and the verb that follows if not."""


def next_verb(state: str, facts: GateFacts) -> Verb | None:
    """The verb that takes a release on from ``state``; None when nothing is left to do."""
    if State(state) not in _NEXT:
        return None
    fact, then, otherwise = _NEXT[State(state)]
    return then if getattr(facts, fact) else otherwise
