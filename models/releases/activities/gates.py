"""The gates of the lifecycle (docs/process.md#gates): pure rules, facts in, what is missing out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models.catalog.document import OWNER
from models.catalog.roles import AUTHORITY, BUILDERS, DEPLOYERS, TESTERS
from models.catalog.roles import RELEASE_MANAGER as MANAGER
from models.lifecycle.lifecycle import Gate

ENTRY = "entry"

EXIT = "exit"

SUPPORT = "early_life_support"

CRITERIA = (ENTRY, EXIT, SUPPORT)
"""The gates that criteria belong to, in the order in which a release reaches them."""

CRITERIA_WORDS = {ENTRY: "entry", EXIT: "exit", SUPPORT: "early life support"}

MET = "met"

WAIVED = "waived"

UNCONFIRMED = "unconfirmed"
"""A requester entered the evidence, and nobody has confirmed it yet: the criterion is open."""

SETTLED_OUTCOMES = (MET, WAIVED)

CRITERION_SETTLERS = ("test_manager", MANAGER, OWNER)
"""Who settles entry and exit criteria."""

SUPPORT_CRITERION_SETTLERS = ("els_lead", *CRITERION_SETTLERS)
"""Who settles the criteria of early life support, which its lead knows best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What gates look at.

    ``open_criteria`` and ``unconfirmed`` are texts by gate, no text in both; ``failures`` say what each open one
    lacks.
    """

    identifier: str = "The release"
    build: bool = False
    tested: bool = False
    failures: tuple[str, ...] = ()
    open_criteria: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unconfirmed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    go: bool = False
    emergency: bool = False
    """This round was approved with later approvals, given by now or not."""
    glass: bool = False
    """Somebody broke the glass for the deployment of this round."""
    verified: bool = False
    offered: bool = False
    reviewed: bool = False

    @property
    def goes_first(self) -> bool:
        """It may be deployed before it is built and tested here."""
        return self.emergency or self.glass

    @property
    def authorised(self) -> bool:
        return self.go or self.glass

    @property
    def acceptable(self) -> bool:
        """Something was tested, and no failure is open."""
        return self.tested and not self.failures


@dataclass(frozen=True, slots=True)
class Missing:
    """What a gate lacks, and the roles that can settle it; none when nobody can.

    What is ``apart`` isn't for the requester.
    """

    what: str
    roles: tuple[str, ...] = ()
    apart: bool = False


def roles_that_settle(gate: str) -> tuple[str, ...]:
    return SUPPORT_CRITERION_SETTLERS if gate == SUPPORT else CRITERION_SETTLERS


def missing_at(gate: Gate | None, facts: GateFacts) -> tuple[Missing, ...]:
    """What ``gate`` lacks; nothing when it is open."""
    return _RULES[gate](facts) if gate else ()


def _criteria(gate: str, facts: GateFacts) -> tuple[Missing, ...]:
    see = f"see /release criteria {facts.identifier}"
    missing = []
    if texts := facts.open_criteria.get(gate, ()):
        missing.append(Missing(f"open {_named(gate, texts)}, {see}", roles_that_settle(gate)))
    if texts := facts.unconfirmed.get(gate, ()):
        what = f"{_named(gate, texts)} met, waiting for confirmation, {see}"
        missing.append(Missing(what, roles_that_settle(gate), apart=True))
    return tuple(missing)


def _named(gate: str, texts: Sequence[str]) -> str:
    named = "; ".join(f"\u201c{text}\u201d" for text in texts)
    return f"{CRITERIA_WORDS[gate]} {'criterion' if len(texts) == 1 else 'criteria'} {named}"


def _test_entry(facts: GateFacts) -> tuple[Missing, ...]:
    build = () if facts.build else (Missing("no build is recorded", BUILDERS),)
    return (*build, *_criteria(ENTRY, facts))


def _test_exit(facts: GateFacts) -> tuple[Missing, ...]:
    tests = () if facts.tested else (Missing("no test result is recorded", TESTERS),)
    failures = tuple(Missing(lack, TESTERS) for lack in facts.failures)
    return (*tests, *failures, *_criteria(EXIT, facts))


def _support_exit(facts: GateFacts) -> tuple[Missing, ...]:
    if facts.offered:
        return (Missing("its handover was offered already", ("operations_lead",)),)
    return _criteria(SUPPORT, facts)


def _offered(facts: GateFacts) -> tuple[Missing, ...]:
    if not facts.offered:
        return (Missing("its handover is not offered", ("els_lead", MANAGER)),)
    return _criteria(SUPPORT, facts)


def _needs(name: str, what: str, roles: tuple[str, ...]) -> Callable[[GateFacts], tuple[Missing, ...]]:
    return lambda facts: () if getattr(facts, name) else (Missing(what, roles),)


def _once(name: str, what: str) -> Callable[[GateFacts], tuple[Missing, ...]]:
    return lambda facts: (Missing(what),) if getattr(facts, name) else ()


_RULES: Mapping[Gate, Callable[[GateFacts], tuple[Missing, ...]]] = {
    Gate.TEST_ENTRY: _test_entry,
    Gate.TEST_EXIT: _test_exit,
    Gate.DECIDED_ONCE: _once("go", "the go was given already"),
    Gate.GO_GIVEN: _needs("go", "nobody has said go", AUTHORITY),
    Gate.EMERGENCY: _needs(
        "emergency", "only an emergency is deployed before it is built and tested here", BUILDERS
    ),
    Gate.VERIFIED_ONCE: _once("verified", "it is verified already"),
    Gate.VERIFIED: _needs("verified", "the deployment is not verified", (*DEPLOYERS, "test_manager")),
    Gate.SUPPORT_EXIT: _support_exit,
    Gate.OFFERED: _offered,
    Gate.REVIEWED_ONCE: _once("reviewed", "it is reviewed already"),
    Gate.REVIEWED: _needs("reviewed", "the review is not written", AUTHORITY),
}
