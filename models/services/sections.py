"""The parts of a service, each edited in a form of its own, and how its fields get into the service.

A part changes the service's plain data and notes mistakes in the form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from zoneinfo import available_timezones

from models.catalog.document import (
    DEFAULT_NUMBERING,
    OWNER,
    Deployments,
    LaterApprovalTerms,
    PlanItem,
    Policy,
    ReleaseType,
    Service,
    is_group,
)
from models.catalog.mistakes import Path
from models.services.approval_and_frequency_lines import (
    approval_line,
    at_most_line,
    read_approval,
    read_at_most,
    read_length,
    read_role,
)
from models.services.material_lines import material_line, read_material
from models.services.risk_lines import approval_from_line, read_approval_from, read_risk_rule, risk_line
from models.services.submitted_form import SubmittedForm
from models.services.task_and_item_lines import item_text, read_item, read_task, task_text
from models.services.window_and_freeze_lines import freeze_line, read_freeze, read_window, window_line

ABOUT, PEOPLE, TYPE, APPROVAL, PLAN = "about", "people", "type", "approval", "plan"

TIMES, CRITERIA, ITEMS, REPORTED = "times", "criteria", "items", "reported"

SOURCES, TRIAL, RISK = "sources", "trial", "risk"

GATES = ("entry", "exit", "early_life_support")
"""The gates that have criteria."""

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """``paths`` are the places of the service that belong to it, with ``{}`` for the type of release."""

    paths: tuple[Path, ...]
    change: Callable[[Data, Service, SubmittedForm, str], None]

    def places(self, item: str) -> tuple[Path, ...]:
        """``item`` is the type of release, if the part is about one."""
        return tuple(tuple(item if step == "{}" else step for step in path) for path in self.paths)


def roles_held(service: Service) -> list[str]:
    return [OWNER, *(role for role, held in service.roles.items() if held)]


def _about(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    data["name"] = form.one("name", ("name",), service.name)
    data["channel"] = form.one("channel", ("channel",), service.channel) or service.channel
    data["numbering"] = form.one("numbering", ("numbering",), service.numbering) or DEFAULT_NUMBERING
    _put(data, "timezone", form.read("timezone", ("timezone",), _zone, (service.timezone or "", service.timezone)))
    data["depends_on"] = form.rows("depends_on", ("depends_on",), str.upper, commas=True)


def _people(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    """User groups stay as they are, the owner too if it is one: Slack's menus can't pick them."""
    owner = form.chosen("owner", ("owner",))
    data["owner"] = owner[0] if owner else service.owner
    for role in form.named("role:"):
        entered = form.chosen(f"role:{role}", ("roles", role))
        groups = [subject for subject in service.roles.get(role, ()) if is_group(subject)]
        if role in data["roles"] or entered:
            data["roles"][role] = [*groups, *(person for person in entered if person not in groups)]
    for place, role in _uses(data["policy"], ("policy",)):
        form.stands_for(place, f"role:{role}")


def _uses(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """The places in a policy that name a role, with the role."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        if at[-1] == "approvals" or at[-2:-1] == ("approvals_from",):
            yield (*at, step), str(step)
        elif step in ("owner", "escalate_to") or at[-1] == "override_by":
            yield (*at, step), str(inner)
        else:
            yield from _uses(inner, (*at, step))


def _type(data: Data, service: Service, form: SubmittedForm, item: str) -> None:
    name = item or "-".join(form.one("type", ("policy", "types")).split())
    if not item and (not name or name in service.policy.types):
        taken = f"{service.key} has a type {name} already. Edit that one, or choose another name."
        form.wrong("type", taken if name else "Name the type, for example standard.")
        name = name or "unnamed"
    at, held = ("policy", "types", name), service.policy.types.get(name)
    kind: Data = data["policy"]["types"].get(name, {})
    kind["approvals"] = _approvals(form, "approvals", (*at, "approvals"), service, held.approvals if held else {})
    kind["approvals_from"] = _approvals_from(form, (*at, "approvals_from"), service, held)
    kind["notice"] = _length(form, (*at, "notice"), held) or "0d"
    _put(kind, "early_life_support", _length(form, (*at, "early_life_support"), held))
    often = (at_most_line(held.at_most), kind["at_most"]) if held and held.at_most else ("", None)
    _put(kind, "at_most", form.read("at_most", (*at, "at_most"), read_at_most, often))
    kind["documents"] = form.rows("documents", (*at, "documents"))
    _put(kind, "afterwards", _afterwards(service, form, (*at, "afterwards"), held.afterwards if held else None))
    tasks = _tasks(service, form, (*at, "plan"), (held and held.plan) or ())
    if tasks or kind.get("plan"):
        _put(kind, "plan", tasks or None)
    data["policy"]["types"][name] = kind


def _afterwards(service: Service, form: SubmittedForm, at: Path, held: LaterApprovalTerms | None) -> Data | None:
    approvals = _approvals(form, "afterwards", (*at, "approvals"), service, held.approvals if held else {})
    within = _length(form, (*at, "within"), held)
    if not approvals and not within and "afterwards" not in form.problems:
        return None
    return {"approvals": approvals, **({"within": within} if within else {})}


def _approval(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    approval, at = data["policy"]["approval"], ("policy", "approval")
    for field in ("remind_after", "escalate_after", "expire_after"):
        _put(approval, field, _length(form, (*at, field), service.policy.approval))
    role = partial(read_role, roles=roles_held(service))
    _put(approval, "escalate_to", form.read("escalate_to", (*at, "escalate_to"), role))
    stops = form.one("one_rejection_stops", (*at, "one_rejection_stops"))
    approval["one_rejection_stops"] = stops != "no"
    at, held = ("policy", "override_by"), service.policy.override_by
    overriders = form.rows("override_by", at, role, [(one, one) for one in held], commas=True)
    data["policy"]["override_by"] = overriders or list(Policy.model_fields["override_by"].default)
    data["policy"]["material"] = _material(form, service)


def _material(form: SubmittedForm, service: Service) -> Data:
    """Fields that no line names have their default again."""
    held = [(material_line(*one), one) for one in service.policy.material.as_written().items()]
    found: Data = {}
    for field, when in form.rows("material", ("policy", "material"), read_material, held):
        if field in found:
            form.wrong("material", f"{material_line(field, when)!r} is there twice. Write one line for each field.")
        found[field] = when
    return found


def _plan(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    data["policy"]["plan"] = _tasks(service, form, ("policy", "plan"), service.policy.plan)


def _times(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    policy, held = data["policy"], service.policy
    methods, path = [(one, one) for one in held.deployment_methods], ("policy", "deployment_methods")
    policy["deployment_methods"] = form.rows("methods", path, held=methods, commas=True)
    windows = [(window_line(window), window.as_written()) for window in held.windows]
    policy["windows"] = form.rows("windows", ("policy", "windows"), read_window, windows)
    freezes = [(freeze_line(freeze), freeze.as_written()) for freeze in held.freezes]
    policy["freezes"] = form.rows("freezes", ("policy", "freezes"), read_freeze, freezes)


def _sources(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    held = [(one, one) for one in service.policy.sources]
    data["policy"]["sources"] = form.rows("sources", ("policy", "sources"), held=held, commas=True)


def _trial(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    held = [(one, one) for one in service.policy.observe]
    data["policy"]["observe"] = form.rows("observe", ("policy", "observe"), _rule, held, commas=True)


def _risk(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    rules = [(risk_line(one), one.as_written()) for one in service.policy.risk]
    data["policy"]["risk"] = form.rows("risk", ("policy", "risk"), read_risk_rule, rules)
    held = [(one, one) for one in service.policy.soft]
    data["policy"]["soft"] = form.rows("soft", ("policy", "soft"), _rule, held, commas=True)


def _rule(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").split())


def _criteria(data: Data, _service: Service, form: SubmittedForm, _item: str) -> None:
    data["criteria"] = {gate: form.rows(gate, ("criteria", gate)) for gate in GATES}


def _items(data: Data, service: Service, form: SubmittedForm, _item: str) -> None:
    held = [(item_text(item), item.as_written()) for item in service.configuration_items]
    data["configuration_items"] = form.rows("items", ("configuration_items",), read_item, held)


def _reported(data: Data, _service: Service, form: SubmittedForm, _item: str) -> None:
    at = "deployments"
    data[at] = {name: form.rows(name, (at, name)) for name in ("repositories", "applications", "production")}
    data[at]["production"] = data[at]["production"] or list(Deployments().production)


SECTIONS: Mapping[str, Section] = {
    ABOUT: Section((("name",), ("channel",), ("numbering",), ("timezone",), ("depends_on",)), _about),
    PEOPLE: Section((("owner",), ("roles",)), _people),
    TYPE: Section((("policy", "types", "{}"),), _type),
    APPROVAL: Section((("policy", "approval"), ("policy", "override_by"), ("policy", "material")), _approval),
    PLAN: Section((("policy", "plan"),), _plan),
    TIMES: Section(
        (("policy", "deployment_methods"), ("policy", "windows"), ("policy", "freezes")),
        _times,
    ),
    SOURCES: Section((("policy", "sources"),), _sources),
    TRIAL: Section((("policy", "observe"),), _trial),
    RISK: Section((("policy", "risk"), ("policy", "soft")), _risk),
    CRITERIA: Section((("criteria",),), _criteria),
    ITEMS: Section((("configuration_items",),), _items),
    REPORTED: Section((("deployments",),), _reported),
}
"""By the names that forms and buttons carry."""


def _length(form: SubmittedForm, at: Path, held: object) -> Any:
    """A length of time; ``held`` is the part of the service that has it now."""
    name = str(at[-1])
    before = getattr(held, name, None)
    return form.read(name, at, read_length, (before or "", before))


def _approvals(form: SubmittedForm, name: str, at: Path, service: Service, held: Mapping[str, int]) -> Data:
    roles = roles_held(service)
    known = [(approval_line(*one), one) for one in held.items()]
    found: Data = {}
    for role, count in form.rows(name, at, partial(read_approval, roles=roles), known):
        if role in found:
            form.wrong(name, f"{role} stands here twice. Write one line with the whole number.")
        found[role] = count
    return found


def _approvals_from(form: SubmittedForm, at: Path, service: Service, held: ReleaseType | None) -> Data:
    roles = roles_held(service)
    known = [
        (approval_from_line(risk, role, count), (risk, role, count))
        for risk, more in (held.approvals_from.items() if held else ())
        for role, count in more.items()
    ]
    found: Data = {}
    for risk, role, count in form.rows("approvals_from", at, partial(read_approval_from, roles=roles), known):
        if role in found.get(risk, {}):
            form.wrong("approvals_from", f"{role} stands here twice for {risk}. Write one line for both.")
        found.setdefault(risk, {})[role] = count
    return found


def _tasks(service: Service, form: SubmittedForm, at: Path, held: tuple[PlanItem, ...]) -> list[Data]:
    known = [(task_text(task), task.as_written()) for task in held]
    tasks: list[Data] = form.rows("plan", at, partial(read_task, roles=roles_held(service)), known)
    return tasks


def _put(data: Data, field: str, value: Any) -> None:
    if value is None:
        data.pop(field, None)
    else:
        data[field] = value


def _zone(text: str) -> str:
    """A time zone in any case; an unknown one is returned as it is, for the catalog's own rule to explain."""
    return _zones().get(text.replace(" ", "_").casefold(), text)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
