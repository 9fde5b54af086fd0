"""Checks within one service: roles, approvals, plan, windows and freezes."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from models.catalog.allowed_choices import rule_problem, soft_problem
from models.catalog.checking.field_checks import nearest
from models.catalog.checking.unchecked import Place, fields, inside, list_at, mapping, one_or_more, text, words
from models.catalog.document import OWNER, STANDARD_METHODS, RiskCondition, is_group
from models.catalog.mistakes import Path, Problem
from models.catalog.quorum import reachable
from models.catalog.roles import APPROVERS, NEWER_REQUESTER, RELEASE_MANAGER, REQUESTER
from models.risk_levels import RAISED
from models.time.days import WEEKDAYS
from models.time.spans import parse_span

_TAKEN = {
    OWNER: "The owner is named by the field owner of the service. Remove this role.",
    REQUESTER: "Whoever requests a release is its requester; no role can have this name.",
    NEWER_REQUESTER: "Whoever requests a newer release is its requester; no role can have this name.",
    APPROVERS: "The approvals of a type say who approves; no role can have this name.",
}

_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)

_DAYS = {
    "week": "the days of a week are mon, tue, wed, thu, fri, sat and sun",
    "month": "the days of a month are 1 to 31",
    "year": 'a day of the year is written like "12-24"',
}


def check_service(service: Place) -> Iterator[Problem]:
    holders = _holders(service)
    policy = inside(service, "policy")
    yield from _reserved(inside(service, "roles"))
    yield from _role_known(inside(policy, "approval", "escalate_to"), holders)
    yield from _overriders(inside(policy, "override_by"), holders)
    yield from _waiting_times(inside(policy, "approval"))
    yield from _plan(inside(policy, "plan"), holders)
    for kind in fields(inside(policy, "types")):
        yield from _plan(inside(kind, "plan"), holders)
        yield from _approvals(inside(kind, "approvals"), holders)
        yield from _approvals(inside(kind, "afterwards", "approvals"), holders)
        yield from _approvals_from(kind, holders)
    yield from _named_rules(inside(policy, "observe"), rule_problem)
    yield from _named_rules(inside(policy, "soft"), soft_problem)
    for rule in list_at(inside(policy, "risk")):
        yield from _risk_rule(rule, policy)
    for window in list_at(inside(policy, "windows")):
        yield from _window(window)
    for freeze in list_at(inside(policy, "freezes")):
        yield from _freeze(freeze)


def _holders(service: Place) -> dict[str, list[str]]:
    written = mapping(inside(service, "roles")[1])
    roles = {role: [held] if isinstance(held, str) else words(held) for role, held in written.items()}
    owner = text(inside(service, "owner")[1])
    return {**roles, OWNER: [owner] if owner else []}


def _reserved(roles: Place) -> Iterator[Problem]:
    path, value = roles
    for role in mapping(value):
        if role in _TAKEN:
            yield (*path, role), _TAKEN[role]


def _role_known(place: Place, holders: dict[str, list[str]]) -> Iterator[Problem]:
    path, role = place
    if isinstance(role, str) and not _held(role, holders):
        yield path, _nobody(role, holders)


def _overriders(place: Place, holders: dict[str, list[str]]) -> Iterator[Problem]:
    """The usual two may be held by nobody: others answer for them then."""
    path, value = place
    for position, role in enumerate(value if isinstance(value, list) else ()):
        if role not in (OWNER, RELEASE_MANAGER):
            yield from _role_known(((*path, position), role), holders)


def _held(role: str, holders: dict[str, list[str]]) -> bool:
    return role == OWNER or bool(holders.get(role))


def _nobody(role: str, holders: dict[str, list[str]]) -> str:
    hint = nearest(role, [other for other in holders if other != role and _held(other, holders)])
    return f"Nobody holds the role {role!r} in this service.{hint}"


def _counts(value: object) -> dict[str, int]:
    return {role: count for role, count in mapping(value).items() if type(count) is int and 0 < count <= 1000}


def _approvals(
    place: Place, holders: dict[str, list[str]], of: Mapping[str, int] | None = None
) -> Iterator[Problem]:
    """Each role must be held, and by enough different people, because nobody counts twice.

    ``of`` are the roles that the place itself names, where others come from elsewhere.
    """
    path, value = place
    required = _counts(value)
    named = required if of is None else of
    unknown = [role for role in named if not _held(role, holders)]
    for role in unknown:
        yield (*path, role), _nobody(role, holders)
    countable = {
        role: count
        for role, count in required.items()
        if holders.get(role) and not any(map(is_group, holders[role]))
    }
    short = [role for role, count in countable.items() if count > len(set(holders[role]))]
    for role in (one for one in short if one in named):
        people = len(set(holders[role]))
        held = "1 person holds" if people == 1 else f"{people} people hold"
        yield (*path, role), f"This asks for {required[role]} approvals, but only {held} the role {role}."
    if not short and not reachable(countable, {role: holders[role] for role in countable}, frozenset()):
        yield path, _too_few(countable, holders)


def _approvals_from(kind: Place, holders: dict[str, list[str]]) -> Iterator[Problem]:
    """At each risk, with what the type asks for in any case, enough different people hold the roles."""
    path, levels = inside(kind, "approvals_from")
    needed = _counts(inside(kind, "approvals")[1])
    for level in RAISED:
        more = _counts(mapping(levels).get(level))
        needed |= {role: max(count, needed.get(role, 0)) for role, count in more.items()}
        if more:
            yield from _approvals(((*path, level), needed), holders, of=more)


def _too_few(countable: dict[str, int], holders: dict[str, list[str]]) -> str:
    people = {person for role in countable for person in holders[role]}
    needed = sum(countable.values())
    return (
        f"This asks {needed} different people for approval, because nobody counts twice, "
        f"but {', '.join(countable)} are held by {len(people)}: {', '.join(sorted(people))}."
    )


def _plan(plan: Place, holders: dict[str, list[str]]) -> Iterator[Problem]:
    titles: set[str] = set()
    for item in list_at(plan):
        yield from _role_known(inside(item, "owner"), holders)
        path, title = inside(item, "title")
        if isinstance(title, str) and title in titles:
            yield path, f"This plan has a task {title[:75]!r} already. Give each task a title of its own."
        elif isinstance(title, str):
            titles.add(title)


def _waiting_times(approval: Place) -> Iterator[Problem]:
    escalates, expires = inside(approval, "escalate_after"), inside(approval, "expire_after")
    if escalates[1] is not None and inside(approval, "escalate_to")[1] is None:
        yield escalates[0], "Say to which role with escalate_to."
    for earlier in ("remind_after", "escalate_after"):
        if _not_before(inside(approval, earlier)[1], expires[1]):
            yield expires[0], f"A request would expire before {earlier} is over. Make expire_after longer."


def _not_before(earlier: object, later: object) -> bool:
    try:
        return parse_span(str(earlier)).rough >= parse_span(str(later)).rough
    except ValueError:
        return False


def _named_rules(place: Place, check: Callable[[str], str]) -> Iterator[Problem]:
    path, value = place
    for position, name in enumerate(value if isinstance(value, list) else ()):
        if isinstance(name, str) and (problem := check(name)):
            yield (*path, position), problem


def _risk_rule(rule: Place, policy: Place) -> Iterator[Problem]:
    """It says when, in types and methods that the service has; items may be those of any service."""
    path, when = inside(rule, "when")
    if isinstance(when, dict) and not any(when.get(name) for name in RiskCondition.model_fields):
        yield path, f"Say when: at least one of {', '.join(RiskCondition.model_fields)}."
    types = list(mapping(inside(policy, "types")[1]))
    methods = words(inside(policy, "deployment_methods")[1]) or list(STANDARD_METHODS)
    for field, known, what in (("type", types, "type of release"), ("method", methods, "deployment method")):
        for place, name in one_or_more(inside(rule, "when", field)):
            if name not in known:
                yield place, f"This service has no {what} {name[:60]!r}.{nearest(name, known)}"
    for window in list_at(inside(rule, "when", "hours")):
        yield from _window(window)


def _window(window: Place) -> Iterator[Problem]:
    path, value = window
    start, end = value.get("from"), value.get("to")
    if isinstance(start, str) and isinstance(end, str) and start >= end:
        sentence = (
            "A window ends later on the day it starts. One across midnight is written as two: "
            'one to "24:00" and one from "00:00" on the next day.'
        )
        yield (*path, "to"), sentence


def _freeze(freeze: Place) -> Iterator[Problem]:
    path, value = freeze
    dated = {name for name in ("from", "to") if value.get(name) is not None}
    repeated = {name for name in ("every", "days") if value.get(name) not in (None, [])}
    if len(dated) == len(repeated) == 0 or (dated and repeated):
        yield path, "A freeze has either from and to, or every and days."
    elif dated:
        yield from _dated(freeze, dated)
    elif len(repeated) == 1:
        missing = "days" if "every" in repeated else "every"
        yield path, f"A freeze that comes again has every and days; {missing} is missing."
    else:
        yield from _days(path, value["every"], value["days"])


def _dated(freeze: Place, dated: set[str]) -> Iterator[Problem]:
    path, value = freeze
    if len(dated) == 1:
        missing = "to" if "from" in dated else "from"
        yield path, f"A freeze has a first and a last day; {missing} is missing."
    elif _day(value["from"]) > _day(value["to"]) > "":
        yield (*path, "to"), "This freeze ends before it begins."


def _day(value: object) -> str:
    """A text that sorts by date; empty for anything but a day."""
    if isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date) else ""


def _days(path: Path, every: object, days: object) -> Iterator[Problem]:
    if not isinstance(every, str) or every not in _DAYS or not isinstance(days, list):
        return
    for position, day in enumerate(days):
        if not _fits(every, day):
            yield (*path, "days", position), f"{str(day)[:60]} is no day here: {_DAYS[every]}."


def _fits(every: str, day: object) -> bool:
    if every == "month":
        return type(day) is int and 1 <= day <= 31
    if not isinstance(day, str):
        return False
    return day in WEEKDAYS if every == "week" else bool(_MONTH_DAY.fullmatch(day))
