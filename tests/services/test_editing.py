"""Editing a service from Slack, on both databases."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from messages.services.forms import part_form
from messages.services.parts import NAMES, parts_view
from messages.services.show import service_shown
from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.catalog.export import export_catalog
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.freezes.arguments import FreezeArguments
from models.freezes.freeze import freeze_service
from models.services.edit import (
    ServiceEdit,
    check_may_edit_service,
    edit_service,
    editable_service,
    edited_catalog,
    find_service,
    remove_type,
)
from models.services.edit_conflicts import EditConflict
from models.services.sections import (
    ABOUT,
    APPROVAL,
    CRITERIA,
    ITEMS,
    PEOPLE,
    PLAN,
    REPORTED,
    SOURCES,
    TIMES,
    TRIAL,
    TYPE,
)
from tests.conftest import example_document, put_catalog
from tests.services.forms import filled, shown, standing
from tests.slack_limits import assert_valid_message, assert_valid_view

PETRA, OLGA, RITA, ANN = (Actor(person=f"U0{name}", surface="modal") for name in ("PETRA", "OLGA", "RITA", "ANN"))

EXAMPLE = Catalog.model_validate(example_document())


async def held(work):
    async with work.reading() as snapshot:
        return await snapshot.catalog()


@pytest.fixture
def save(work, people):
    """Fills in the form of a part, as it is now or as it was in ``catalog``, and saves it."""

    async def save(part, item="", *, actor=OLGA, catalog=None, key="PAY", **typed):
        editing, entered = filled(catalog or await held(work), part, item, key, **typed)
        return await edit_service(work, actor, editing, entered)

    return save


@pytest.mark.parametrize("actor", [PETRA, OLGA])
async def test_the_owner_and_the_process_owner_may_edit(work, catalog, save, actor):
    changes = await save(TIMES, actor=actor, methods="rolling, canary", windows="mon-fri 08:00-18:00")
    policy = (await held(work)).by_key["PAY"].policy
    assert changes
    assert policy.deployment_methods == ("rolling", "canary")
    assert [window.to for window in policy.windows] == ["18:00"]
    assert policy.freezes == catalog.by_key["PAY"].policy.freezes


async def test_release_managers_edit_what_does_not_say_what_an_approval_means(work, catalog, save):
    for part, typed in (
        (ABOUT, {"name": "Pay"}),
        (PLAN, {"plan": "T-1d | planning | Check | owner"}),
        (ITEMS, {"items": "pay-api | software | API | 9.2"}),
        (REPORTED, {"repositories": "acme/payments"}),
    ):
        assert await save(part, actor=RITA, **typed)
    before = (await held(work)).revision
    for part, item, words in (
        (PEOPLE, "", "people"),
        (TYPE, "minor", "types of release"),
        (TYPE, "", "types of release"),
        (APPROVAL, "", "rules for waiting requests"),
        (TIMES, "", "windows and freezes"),
        (CRITERIA, "", "criteria"),
        (SOURCES, "", "controlled sources"),
        (TRIAL, "", "rules on trial"),
    ):
        said = rf"The {words} of Pay \(PAY\) are for its owner and the process owner: Olga or Petra\."
        with pytest.raises(Refused, match=said):
            await save(part, item, actor=RITA)
        with pytest.raises(Refused, match=said):
            await check_may_edit_service(work, RITA, "PAY", part)
    with pytest.raises(Refused, match="types of release"):
        await remove_type(work, RITA, ServiceEdit("PAY", before, TYPE, "minor"))
    assert (await held(work)).revision == before


async def test_release_managers_are_offered_their_parts(work, catalog, people):
    view = parts_view(await check_may_edit_service(work, RITA, "PAY"))
    assert [block["block_id"] for block in view["blocks"] if "accessory" in block] == [ABOUT, PLAN, ITEMS, REPORTED]
    assert "Add a type" not in str(view)
    assert_valid_view(view)


async def test_anybody_else_is_told_who_may(work, catalog, save):
    with pytest.raises(Refused, match="Olga or Rita"):
        await check_may_edit_service(work, ANN, "PAY")
    with pytest.raises(Refused, match="Olga or Rita"):
        await save(PLAN, actor=ANN, plan="")
    with pytest.raises(Refused, match="Olga or Petra"):
        await save(CRITERIA, actor=ANN, entry="Ready")
    with pytest.raises(Refused, match="Olga or Petra"):
        await remove_type(work, ANN, ServiceEdit("PAY", catalog.revision, TYPE, "minor"))
    assert (await held(work)).revision == catalog.revision


EDITS = [
    (ABOUT, "", {"name": "Pay", "timezone": "europe/helsinki"}, ("name", "timezone")),
    (PEOPLE, "", {"role:test_support": ["U0BOB"]}, ("roles",)),
    (TYPE, "minor", {"notice": "2 days", "documents": "release notes\nrunbook"}, ("policy",)),
    (TYPE, "", {"type": "standard", "approvals": "2 release managers", "notice": "1d"}, ("policy",)),
    (APPROVAL, "", {"expire_after": "10 days", "escalate_to": "Owner"}, ("policy",)),
    (PLAN, "", {"plan": "t-2d | Back out | Rehearse | Deployment staff | milestone"}, ("policy",)),
    (CRITERIA, "", {"entry": "Ready\n\n", "exit": ""}, ("criteria",)),
    (ITEMS, "", {"items": "pay-api | Software | API | 9.2 |"}, ("configuration_items",)),
    (REPORTED, "", {"repositories": "acme/payments"}, ("deployments",)),
    (SOURCES, "", {"sources": "github.com/harbour/*, git.example/pay/pay-*"}, ("policy",)),
    (TRIAL, "", {"observe": "Collisions\nwindow over"}, ("policy",)),
]


@pytest.mark.parametrize(("part", "item", "typed", "touched"), EDITS)
async def test_an_edit_leaves_everything_else_as_it_was_and_the_export_shows_it(
    work, catalog, save, part, item, typed, touched
):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] += ["U0SAM"]
    await put_catalog(work, document)
    before = await held(work)
    changes = await save(part, item, **typed)
    after = await held(work)
    assert changes
    old, new = (one.model_dump(mode="json", by_alias=True) for one in (before, after))
    assert [name for name in old["services"][0] if old["services"][0][name] != new["services"][0][name]] == [
        *touched
    ]
    assert {**old, "services": old["services"][1:]} == {**new, "services": new["services"][1:]}
    assert export_catalog(after) != export_catalog(before)


async def test_what_is_typed_is_read_the_way_people_write_it(work, catalog, save):
    await save(ABOUT, depends_on="", timezone="europe/helsinki")
    await save(
        TYPE, "major", at_most="2 per 30 days", afterwards="1 Release Manager", within="2 days", approvals="Owner"
    )
    await save(PLAN, plan="t-2d | Back out | Rehearse \\| check | Deployment staff | milestone")
    await save(ITEMS, items="pay-api | software | API | 9.2 | pay-db >=14,<16\npay-db|Software|Database|15")
    service = (await held(work)).by_key["PAY"]
    major, task = service.policy.types["major"], service.policy.plan[0]
    assert service.timezone == "Europe/Helsinki"
    assert (major.at_most.count, major.at_most.every) == (2, "30d")
    assert (dict(major.approvals), dict(major.afterwards.approvals)) == ({"owner": 1}, {"release_manager": 1})
    assert (task.due, task.phase, task.title, task.owner) == (
        "T-2d",
        "back-out",
        "Rehearse | check",
        "deployment_staff",
    )
    assert [(one.key, one.kind, one.version) for one in service.configuration_items] == [
        ("pay-api", "software", "9.2"),
        ("pay-db", "software", "15"),
    ]
    assert dict(service.configuration_items[0].compatible_with) == {"pay-db": ">=14,<16"}


async def test_sources_and_rules_on_trial_are_read_back_and_wrong_ones_explained(work, catalog, save):
    await save(SOURCES, sources="github.com/harbour/*")
    await save(TRIAL, observe="Collisions, window-over")
    policy = (await held(work)).by_key["PAY"].policy
    assert (policy.sources, policy.observe) == (("github.com/harbour/*",), ("collisions", "window_over"))
    with pytest.raises(Invalid, match="is not a source"):
        await save(SOURCES, sources="github.com")
    with pytest.raises(Invalid, match="Did you mean collisions or collision"):
        await save(TRIAL, observe="colisions")


async def test_a_service_shows_the_freezes_that_people_typed(work, catalog, people):
    until = work.clock.now() + timedelta(days=1)
    await freeze_service(work, RITA, FreezeArguments("PAY", until, "Sale"), "d")
    await freeze_service(work, PETRA, FreezeArguments("", until, "Audit"), "e")
    async with work.reading() as snapshot:
        said = str(service_shown(await editable_service(snapshot, "U0ANN", "PAY")).blocks)
        other = str(service_shown(await editable_service(snapshot, "U0ANN", "WEB")).blocks)
    assert ", by Rita: Sale" in said
    assert ", by Petra: Audit" in said
    assert ("Sale" in other, "Audit" in other) == (False, True)


async def test_a_type_is_added_at_the_end_and_removed_again(work, catalog, save):
    await save(TYPE, type="hot fix", approvals="release_manager")
    added = await held(work)
    assert [*added.by_key["PAY"].policy.types] == [*catalog.by_key["PAY"].policy.types, "hot-fix"]
    changes = await remove_type(work, OLGA, ServiceEdit("PAY", added.revision, TYPE, "hot-fix"))
    assert changes
    assert (await held(work)).by_key == catalog.by_key
    with pytest.raises(NotFound, match="any more"):
        await remove_type(work, OLGA, ServiceEdit("PAY", added.revision + 1, TYPE, "hot-fix"))
    with pytest.raises(Refused, match="only type"):
        await remove_type(work, OLGA, ServiceEdit("WEB", added.revision + 1, TYPE, "minor"))


async def test_user_groups_stay_when_people_are_edited(work, save):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["S0MANAGERS", "U0SAM"]
    document["services"][0]["owner"] = "S0MANAGERS"
    await put_catalog(work, document)
    await save(PEOPLE, actor=RITA, **{"role:release_manager": ["U0ANN"], "role:test_support": ["U0BOB"]})
    service = (await held(work)).by_key["PAY"]
    assert service.owner == "S0MANAGERS"
    assert service.roles["release_manager"] == ("S0MANAGERS", "U0ANN")
    assert service.roles["test_support"] == ("U0BOB",)
    assert "build_manager" in service.roles
    assert [role for role in service.roles if role not in document["services"][0]["roles"]] == ["test_support"]


MISTAKES = [
    (PEOPLE, "", {"role:test_manager": []}, {"role:test_manager": "test_manager"}),
    (
        TIMES,
        "",
        {"windows": "mon 16:00-09:00\nnever\nno", "freezes": "Year end"},
        {"windows": "'never' is no window.*'no' is no window.*ends later", "freezes": "no freeze"},
    ),
    (
        TYPE,
        "minor",
        {"approvals": "release_manger: 1\nowner: 1\nowner: 2", "notice": "soon", "at_most": "rarely"},
        {
            "approvals": "owner stands here twice.*Did you mean 'release_manager'",
            "notice": "length of time",
            "at_most": "1 every 30d",
        },
    ),
    (TYPE, "minor", {"within": "2d", "plan": "x"}, {"afterwards": "At least one", "plan": "no task"}),
    (TYPE, "minor", {"afterwards": "owner"}, {"within": "missing"}),
    (TYPE, "", {"type": "minor", "approvals": "owner"}, {"type": "already"}),
    (TYPE, "", {"type": "1st", "approvals": "owner"}, {"type": "a key"}),
    (
        ABOUT,
        "",
        {"timezone": "Mars", "numbering": "{count}", "depends_on": "WEB, PYA"},
        {
            "timezone": "not a time zone",
            "numbering": "not a placeholder",
            "depends_on": "No service has the key 'PYA'.*circle",
        },
    ),
    (ABOUT, "", {"numbering": "Release Package {sequence} v{version}"}, {"numbering": "same identifier as WEB"}),
    (
        APPROVAL,
        "",
        {"escalate_to": "manager", "expire_after": "1h"},
        {"escalate_to": "Nobody holds", "expire_after": "would expire"},
    ),
    (
        PLAN,
        "",
        {"plan": "soon | planning | A | owner\nT | party | B | owner\nT | planning | A | me"},
        {
            "plan": "not a due date.*not among.*Nobody holds",
        },
    ),
    (
        ITEMS,
        "",
        {"items": "pay-api | soft | API | 9 | pay-db\npay-api | software | API | 9"},
        {"items": "versions"},
    ),
    (ITEMS, "", {"items": "a | soft | API | 9\na | software | API | 9"}, {"items": "not among"}),
    (REPORTED, "", {"repositories": "payments"}, {"repositories": "with its owner"}),
    (CRITERIA, "", {"exit": "x" * 301, "entry": "a\na"}, {"exit": "characters long", "entry": "twice"}),
]


@pytest.mark.parametrize(("part", "item", "typed", "expected"), MISTAKES)
async def test_all_that_is_wrong_is_said_at_once_under_its_field(work, catalog, save, part, item, typed, expected):
    with pytest.raises(Invalid) as caught:
        await save(part, item, **typed)
    assert set(caught.value.problems) == set(expected)
    for field, words in expected.items():
        assert re.search(words, caught.value.problems[field]), caught.value.problems[field]
        assert len(caught.value.problems[field]) < 1000
    assert (await held(work)).revision == catalog.revision


async def test_what_another_service_needs_is_said_with_its_name(work, save):
    document = example_document()
    document["services"][1]["configuration_items"] = [
        {"key": "web", "kind": "software", "name": "Web", "version": "1", "compatible_with": {"pay-api": ">=9"}}
    ]
    await put_catalog(work, document)
    with pytest.raises(Invalid) as caught:
        await save(ITEMS, items="")
    assert caught.value.problems == {"items": "In WEB: No configuration item has the key 'pay-api'. There is: web."}


async def test_an_edit_of_what_somebody_else_changed_is_refused_with_who_did_what(work, catalog, save, clock):
    await save(TIMES, actor=PETRA, windows="mon 09:00-10:00")
    with pytest.raises(EditConflict, match=r"Petra changed Service PAY, policy\.windows removed") as caught:
        await save(TIMES, catalog=catalog, windows="tue 09:00-10:00")
    (by,) = caught.value.by
    assert (by.by, by.at) == ("Petra", clock.now())
    assert len(by.changes) == 2
    after = await held(work)
    assert [window.days for window in after.by_key["PAY"].policy.windows] == [("mon",)]

    _, entered = filled(catalog, TIMES, windows="tue 09:00-10:00")
    form = part_form(shown(after), TIMES, "", entered, caught.value)
    assert_valid_view(form)
    assert standing(form) == entered
    assert "Petra" in str(form["blocks"])


async def test_edits_of_different_parts_do_not_get_into_each_others_way(work, catalog, save):
    await save(TIMES, actor=PETRA, catalog=catalog, windows="mon 09:00-10:00")
    await save(ITEMS, actor=RITA, catalog=catalog, items="pay-api | software | API | 9.2")
    await save(TYPE, "minor", actor=PETRA, catalog=catalog, notice="9d")
    await save(TYPE, "major", catalog=catalog, notice="20d")
    await save(CRITERIA, catalog=catalog, key="WEB", entry="Ready")
    service = (await held(work)).by_key["PAY"]
    assert [window.days for window in service.policy.windows] == [("mon",)]
    assert (service.policy.types["minor"].notice, service.policy.types["major"].notice) == ("9d", "20d")


async def test_an_edit_is_in_the_audit_trail_with_what_changed(work, catalog, save):
    changes = await save(APPROVAL, expire_after="")
    assert changes == ["Service PAY, policy.approval.expire_after removed: 5d"]
    async with work.database.reading() as session:
        (entry,) = (await session.exec(select(AuditEntry).where(AuditEntry.tag == "catalog:applied"))).all()
    assert (entry.person, entry.surface, list(entry.facts["changes"])) == ("U0OLGA", "modal", changes)


def test_a_service_is_found_by_its_key_and_an_unknown_one_answers_with_the_nearest():
    assert find_service(EXAMPLE, " pay. ").key == "PAY"
    with pytest.raises(NotFound, match="Did you mean 'PAY'"):
        find_service(EXAMPLE, "pya")


async def test_service_and_forms_keep_slacks_limits(work, catalog, people):
    async with work.reading() as snapshot:
        mine = await editable_service(snapshot, "U0OLGA", "PAY")
        seen = await editable_service(snapshot, "U0ANN", "PAY")
    assert_valid_message(service_shown(mine))
    assert_valid_view(parts_view(mine))
    assert_valid_view(parts_view(mine, ["changed"] * 50))
    for part in NAMES:
        for item in ("", "minor") if part == TYPE else ("",):
            assert_valid_view(part_form(mine, part, item))
    assert [one["text"]["text"] for one in service_shown(mine).blocks[-1]["elements"]] == ["Edit"]
    assert not any(block["type"] == "actions" for block in service_shown(seen).blocks)


def test_a_service_that_is_not_named_is_asked_for():
    with pytest.raises(NotFound, match="Say which service, for example /release service PAY"):
        find_service(EXAMPLE, " ")


def test_risk_and_approvals_by_risk_are_lines():
    document = example_document()
    catalog = Catalog.model_validate(document)
    lines = (
        "high: type major, minor | method rolling | items pay-db | changes 6\n"
        "Medium: hours mon-fri 09:00-17:00 | Hours sat 10:00-12:00"
    )
    editing, entered = filled(catalog, "risk", risk=lines, soft="same change")
    after = edited_catalog(catalog, editing, entered)
    high, medium = after.by_key["PAY"].policy.risk
    assert (high.is_, high.when.type, high.when.method) == ("high", ("major", "minor"), ("rolling",))
    assert (high.when.items, high.when.changes) == (("pay-db",), 6)
    assert (medium.is_, [one.from_ for one in medium.when.hours]) == ("medium", ["09:00", "10:00"])
    assert after.by_key["PAY"].policy.soft == ("same_change",)
    editing, entered = filled(after, "risk")
    assert edited_catalog(after, editing, entered) == after
    editing, entered = filled(after, "type", "minor", approvals_from="high: owner: 1\nmedium: 1 test manager")
    kind = edited_catalog(after, editing, entered).by_key["PAY"].policy.types["minor"]
    assert kind.approvals_at("medium") == {"release_manager": 1, "owner": 1, "test_manager": 1}
    editing, entered = filled(edited_catalog(after, editing, entered), "type", "minor")
    assert "high: owner: 1" in entered["approvals_from"]


@pytest.mark.parametrize(
    ("part", "field", "line", "says"),
    [
        ("risk", "risk", "type major", "is no rule"),
        ("risk", "risk", "low: type major", "is no rule"),
        ("risk", "risk", "high:", "is no condition"),
        ("risk", "risk", "high: weather rain", "'weather rain' is no condition"),
        ("risk", "risk", "high: type major | type minor", "is no condition"),
        ("risk", "risk", "high: changes many", "A whole number is needed here"),
        ("risk", "risk", "high: hours always", "is no window"),
        ("risk", "risk", "high: type majr", "no type of release 'majr'. Did you mean 'major'?"),
        ("risk", "soft", "people", "isn't for information only"),
        ("type", "approvals_from", "owner: 2", "says no risk and role"),
        ("type", "approvals_from", "high: owner: 2", "only 1 person holds the role owner"),
        ("type", "approvals_from", "high: owner: 1\nhigh: owner", "owner stands here twice for high"),
    ],
)
def test_a_mistake_about_risk_stands_under_its_field(part, field, line, says):
    catalog = Catalog.model_validate(example_document())
    editing, entered = filled(catalog, part, "minor" if part == "type" else "", **{field: line})
    with pytest.raises(Invalid) as caught:
        edited_catalog(catalog, editing, entered)
    assert list(caught.value.problems) == [field]
    assert says in caught.value.problems[field]
