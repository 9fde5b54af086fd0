"""People: whether somebody holds the roles that approvals and plan need."""

from models.catalog.document import Service, is_group
from models.catalog.quorum import reachable
from models.catalog.roles import role_word
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.releases.policy.rules.risk import reckon_risk
from models.risk_levels import HIGH
from models.text import listed

RULE = "people"


def people(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    kind = facts.kind
    if kind is None:
        return []
    risk = reckon_risk(facts, around).level
    needed, approvals = needed_roles(facts, risk), kind.approvals_at(risk)
    empty = [role for role in needed if not around.holders.get(role)]
    findings = [
        Finding(
            Weight.SOFT,
            RULE,
            f"Nobody in {facts.service.name} {_lacks(facts.service, role)}, which {needed[role]}.{_mend(around)}",
            role,
            "type",
        )
        for role in empty
    ]
    approving = {role: around.holders.get(role, frozenset()) for role in approvals}
    unread = any(is_group(subject) for holders in approving.values() for subject in holders)
    enough = reachable(approvals, approving, frozenset((facts.requester, *facts.authors)))
    if not enough and not unread and not any(role in empty for role in approvals):
        roles = listed(f"{count} {role_word(role)}" for role, count in approvals.items())
        sentence = f"Without whoever requests it there are too few people to approve it: it takes {roles}."
        findings.append(Finding(Weight.SOFT, RULE, sentence, "quorum", "type"))
    ready = Finding(Weight.OK, RULE, "People: somebody holds each role that approvals and plan need.", field="type")
    return findings or [ready]


def _lacks(service: Service, role: str) -> str:
    left = any(subject in service.barred for subject in service.named(role))
    return f"is left in the role {role_word(role)}" if left else f"holds the role {role_word(role)}"


def _mend(around: Surroundings) -> str:
    return f" {around.menders} can name somebody in the catalog." if around.menders else ""


def needed_roles(facts: PolicyFacts, risk: str = HIGH) -> dict[str, str]:
    """The roles that a release of this type needs at ``risk``, and what it needs each for."""
    kind = facts.kind
    if kind is None:
        return {}
    roles = dict.fromkeys(kind.approvals_at(risk), "has to approve it")
    for role in kind.afterwards.approvals if kind.afterwards else ():
        roles.setdefault(role, "has to approve it afterwards")
    for item in facts.service.plan_for(facts.type):
        roles.setdefault(item.owner, f"its plan needs for {item.title!r}")
    return roles
