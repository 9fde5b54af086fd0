import asyncio

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused, Stale
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.packages.tables import PackageNode
from models.packages.tree import ITEM_KINDS, NodeType
from models.releases.approval.approve import approve_release
from models.releases.package import queries
from models.releases.package.copy_package import copy_package
from models.releases.package.edit import add_node, change_node, remove_node
from models.releases.package.edit_session import EditedPackage, PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.edit import EDITABLE, edit_release
from tests.conftest import example_document, put_catalog
from tests.factories import insert, make_release
from tests.releases.steps import approved, by, form, requested, rows, state


@pytest.fixture(autouse=True)
def _ready(catalog, people):
    """The example catalog and everybody in it."""


class Desk:
    """Edits a package the way the forms do."""

    def __init__(self, work):
        self.work = work
        self.count = 0

    async def editing(self, release: int, **fields) -> PackageEdit:
        self.count += 1
        async with self.work.database.reading() as session:
            found = await session.get(Release, release)
        return PackageEdit(release, fields.get("round", found.round), fields.get("nonce", f"n{self.count}"))

    async def add(self, release: int, what: str = NodeType.ITEM, key: str = "", person: str = "U0ANN", **fields):
        values = {"version": "1", "kind": "software"} if what == NodeType.ITEM else {}
        node = NodeForm(what=what, key=key, **(values | fields))
        await add_node(self.work, by(person), await self.editing(release), node)
        return (await self.package(release)).nodes

    async def package(self, release: int):
        async with self.work.reading() as snapshot:
            return await queries.package_record(snapshot.session, await snapshot.catalog(), release)

    async def shown(self, release: int) -> list[str]:
        return [f"{'  ' * one.depth}{one.node.words}" for one in (await self.package(release)).placed]


@pytest.fixture
def desk(work) -> Desk:
    return Desk(work)


async def ref(desk: Desk, release: int, key: str) -> str:
    return next(node.ref for node in (await desk.package(release)).nodes if node.key == key)


async def test_the_authorised_changes_of_a_request_are_in_its_package(work, desk):
    release = await requested(work, changes="CHG1, CHG2")
    assert await desk.shown(release) == ["CHG1", "CHG2"]


async def test_a_package_is_a_tree_of_packages_units_items_and_changes(work, desk):
    release = await requested(work, changes="CHG1")
    await desk.add(release, NodeType.PACKAGE, "Card payments", version="9.2")
    await desk.add(release, NodeType.UNIT, "Settlement", parent=await ref(desk, release, "Card payments"))
    unit = await ref(desk, release, "Settlement")
    await desk.add(release, item="pay-api", version="9.2.0", parent=unit, kind="")
    await desk.add(release, key="Fraud rules", kind="process", version="11")
    await desk.add(release, NodeType.CHANGE, "chg2", parent=unit, link="https://change.example/CHG2")
    assert await desk.shown(release) == [
        "package Card payments 9.2",
        "  unit Settlement",
        "    pay-api 9.2.0",
        "    CHG2",
        "Fraud rules 11",
        "CHG1",
    ]
    nodes = {node.key: node for node in (await desk.package(release)).nodes}
    assert (nodes["pay-api"].name, nodes["pay-api"].kind) == ("Payments API", "software")
    assert nodes["CHG2"].link == "https://change.example/CHG2"


async def test_an_item_of_another_service_is_known_by_its_key(work, desk):
    release = await requested(work, service="WEB", changes="CHG1", method="manual")
    (node, _) = await desk.add(release, key="PAY-DB", kind="", version="15.5")
    assert (node.key, node.name, node.kind) == ("pay-db", "Payments database", "software")


async def test_changes_are_the_releases_own_whoever_edits_them(work, desk):
    release = await requested(work, changes="CHG1")
    await desk.add(release, NodeType.UNIT, "Unit")
    await desk.add(release, NodeType.CHANGE, "CHG2", parent=await ref(desk, release, "Unit"))
    (row,) = await rows(work, Release)
    assert row.changes == ["CHG1", "CHG2"]
    await edit_release(work, by("U0ANN"), release, row.round, form(changes="CHG1, CHG3"))
    assert await desk.shown(release) == ["unit Unit", "CHG1", "CHG3"]
    editing = await desk.editing(release)
    changed = NodeForm(what=NodeType.CHANGE, key="CHG4", link="https://change.example/4")
    await change_node(work, by("U0ANN"), editing, "CHG3", changed)
    (row,) = await rows(work, Release)
    assert row.changes == ["CHG1", "CHG4"]
    await desk.add(release, NodeType.CHANGE, "CHG2")
    assert await desk.shown(release) == ["unit Unit", "CHG1", "CHG4", "CHG2"]
    await remove_node(work, by("U0ANN"), await desk.editing(release), "CHG1")
    (row,) = await rows(work, Release)
    assert row.changes == ["CHG4", "CHG2"]


async def test_an_edit_of_the_package_voids_approvals_and_says_so(work, desk):
    release = await approved(work)
    await desk.add(release, item="pay-api", version="9.2.0")
    assert await state(work, release) == State.REQUESTED
    (row,) = await rows(work, Release)
    assert (row.round, row.approved_at) == (2, None)
    entries = [one for one in await rows(work, AuditEntry) if one.person == "U0ANN"]
    assert [one.tag for one in entries[-2:]] == ["release:package:added", "release:edited"]
    assert entries[-2].facts["title"] == "pay-api 9.2.0"
    assert sorted(entries[-1].facts["voided_people"]) == ["U0OLGA", "U0RITA"]
    assert entries[-1].facts["material"] == ["package"]
    assert f"content:{release}:1" in [one.key for one in await rows(work, Outgoing)]


async def test_one_approval_is_voided_too_and_none_is_none(work, desk):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    node = NodeForm(what=NodeType.ITEM, item="pay-api", version="9.2.0")
    edited = await add_node(work, by("U0ANN"), await desk.editing(release), node)
    assert edited.voided
    node = NodeForm(what=NodeType.ITEM, item="pay-db", version="15.5")
    edited = await add_node(work, by("U0ANN"), await desk.editing(release), node)
    assert not edited.voided


async def test_a_release_that_was_sent_back_begins_its_round_when_it_is_resubmitted(work, desk):
    release = await make_release(work, State.CHANGES_REQUESTED)
    await desk.add(release.id, item="pay-api", version="9.2.0")
    (row,) = await rows(work, Release)
    assert (row.round, row.state) == (1, State.CHANGES_REQUESTED)
    assert [one.tag for one in await rows(work, AuditEntry)] == ["release:package:added", "release:edited"]


@pytest.mark.parametrize(
    ("person", "may"),
    [("U0ANN", True), ("U0RITA", True), ("U0BEN", True), ("U0BOB", False), ("U0OLGA", False)],
)
async def test_requester_release_manager_and_build_manager_edit(work, desk, person, may):
    document = example_document()
    document["services"][0]["policy"]["types"]["minor"]["approvals"] = {"owner": 1}
    await put_catalog(work, document)
    release = await requested(work)
    if may:
        await desk.add(release, key="x", person=person)
        return
    with pytest.raises(Refused, match=r"edited by its requester, release manager or build manager: Ben or Rita\."):
        await desk.add(release, key="x", person=person)


@pytest.mark.parametrize("where", [one for one in State if one not in EDITABLE])
async def test_nothing_is_edited_once_it_is_deployed_or_stopped(work, desk, where):
    release = await make_release(work, where)
    with pytest.raises(Refused, match="cannot be changed any more"):
        await desk.add(release.id, key="x")


async def test_what_goes_takes_what_is_in_it_along(work, desk):
    release = await requested(work, changes="CHG1")
    await desk.add(release, NodeType.UNIT, "Unit")
    unit = await ref(desk, release, "Unit")
    await desk.add(release, item="pay-api", version="9.2.0", parent=unit)
    await desk.add(release, NodeType.CHANGE, "CHG2", parent=unit)
    await desk.add(release, item="pay-db", version="15.5")
    await remove_node(work, by("U0ANN"), await desk.editing(release), unit)
    assert await desk.shown(release) == ["pay-db 15.5", "CHG1"]
    (removed,) = [one for one in await rows(work, AuditEntry) if one.tag == "release:package:removed"]
    assert removed.facts["inside"] == ["pay-api 9.2.0", "CHG2"]


async def test_the_last_change_stays(work, desk):
    release = await requested(work, changes="CHG1")
    with pytest.raises(Refused, match="at least one authorised change"):
        await remove_node(work, by("U0ANN"), await desk.editing(release), "CHG1")


async def test_a_node_is_changed_and_moved_and_keeps_what_is_in_it(work, desk):
    release = await requested(work, changes="CHG1")
    await desk.add(release, NodeType.PACKAGE, "Box")
    await desk.add(release, NodeType.UNIT, "Unit")
    box, unit = await ref(desk, release, "Box"), await ref(desk, release, "Unit")
    await desk.add(release, key="x", parent=unit)
    node = NodeForm(what=NodeType.UNIT, key="Unit 2", parent=box)
    await change_node(work, by("U0BEN"), await desk.editing(release), unit, node)
    assert await desk.shown(release) == ["package Box", "  unit Unit 2", "    x 1", "CHG1"]
    before = (await rows(work, Release))[0].round
    edited = await change_node(work, by("U0BEN"), await desk.editing(release), unit, node)
    assert (edited.count, (await rows(work, Release))[0].round) == (0, before)


async def test_a_form_that_is_delivered_twice_acts_once(work, desk):
    release = await requested(work)
    editing = await desk.editing(release)
    node = NodeForm(what=NodeType.ITEM, item="pay-api", version="9.2.0")
    for _ in range(2):
        await add_node(work, by("U0ANN"), editing, node)
    assert len(await rows(work, PackageNode)) == 1


async def test_two_people_do_not_overwrite_each_other(work, desk):
    release = await requested(work)
    editing = await desk.editing(release)
    await desk.add(release, key="x")
    with pytest.raises(Stale, match="changed meanwhile"):
        await add_node(work, by("U0BEN"), editing, NodeForm(what=NodeType.UNIT, key="y"))
    with pytest.raises(Stale, match="not in the package any more"):
        await remove_node(work, by("U0BEN"), await desk.editing(release), "#99")


async def test_of_two_edits_at_the_same_moment_one_holds_and_the_other_is_told(work, desk):
    release = await requested(work)
    forms = [(await desk.editing(release), NodeForm(what=NodeType.UNIT, key=name)) for name in ("one", "other")]
    edits = [add_node(work, by("U0ANN"), editing, node) for editing, node in forms]
    results = await asyncio.gather(*edits, return_exceptions=True)
    assert {type(one) for one in results} == {EditedPackage, Stale}
    assert len(await rows(work, PackageNode)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"version": " "}, "version", "Say which version of x"),
        ({"version": "1" * 51}, "version", "50 is the most"),
        ({"key": ""}, "key", "Choose an item of the catalog above"),
        ({"key": "x" * 76}, "key", "75 is the most"),
        ({"kind": ""}, "kind", f"hardware, software, documentation or {ITEM_KINDS[-1]}"),
        ({"key": "PAY-API", "item": "pay-db"}, "item", "not both"),
        ({"key": "", "item": "gone"}, "item", "not in the catalog any more"),
        ({"key": "HERE"}, "key", "here 1 is in the package already"),
        ({"link": "javascript:alert(1)"}, "link", "Write a whole address"),
        ({"link": "https://x/" + "y" * 500}, "link", "Write a whole address"),
        ({"parent": "#99"}, "parent", "not in the package any more"),
        ({"what": NodeType.CHANGE, "key": "soon"}, "key", "'soon' is not a change id"),
        ({"what": NodeType.CHANGE, "key": "chg1"}, "key", "CHG1 is in the package already"),
        ({"what": NodeType.UNIT, "key": ""}, "key", "Say what it is called"),
        ({"what": "thing"}, "what", "Choose what it is"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(work, desk, fields, field, sentence):
    release = await requested(work, changes="CHG1")
    await desk.add(release, key="here")
    with pytest.raises(Invalid) as wrong:
        await desk.add(release, **({"key": "x"} | fields))
    assert sentence in wrong.value.problems[field]


async def test_a_tree_has_no_circles_and_five_levels(work, desk):
    release = await requested(work, changes="CHG1")
    refs = [""]
    for level in range(4):
        await desk.add(release, NodeType.PACKAGE, f"p{level}", parent=refs[-1])
        refs.append(await ref(desk, release, f"p{level}"))
    await desk.add(release, key="deep", parent=refs[4])
    await desk.add(release, NodeType.PACKAGE, "p5", parent=refs[4])
    with pytest.raises(Invalid, match="at most 5 levels"):
        await desk.add(release, key="deeper", parent=await ref(desk, release, "p5"))
    for parent in (refs[1], refs[3]):
        node = NodeForm(what=NodeType.PACKAGE, key="p0", parent=parent)
        with pytest.raises(Invalid, match="part of itself"):
            await change_node(work, by("U0ANN"), await desk.editing(release), refs[1], node)
    await desk.add(release, NodeType.UNIT, "Unit")
    unit = await ref(desk, release, "Unit")
    with pytest.raises(Invalid, match="A unit holds configuration items"):
        await desk.add(release, NodeType.UNIT, "Unit in unit", parent=unit)
    await desk.add(release, NodeType.PACKAGE, "Top")
    node = NodeForm(what=NodeType.PACKAGE, key="p0", parent=await ref(desk, release, "Top"))
    with pytest.raises(Invalid, match="at most 5 levels"):
        await change_node(work, by("U0ANN"), await desk.editing(release), refs[1], node)


async def fill(work, release: int, count: int, what: str = NodeType.ITEM) -> None:
    for number in range(count):
        await insert(
            work,
            PackageNode(release_id=release, position=number, what=what, key=f"ci-{number}", version="1"),
        )


async def test_a_package_holds_300_items_and_no_more(work, desk):
    release = await requested(work)
    await fill(work, release, 299)
    await desk.add(release, key="the last")
    with pytest.raises(Invalid, match="at most 300"):
        await desk.add(release, key="one more")


async def test_copying_brings_the_tree_and_leaves_what_is_here_and_changes_alone(work, desk):
    source = await requested(work, changes="CHG1, CHG2")
    await desk.add(source, NodeType.UNIT, "Unit", version="1")
    unit = await ref(desk, source, "Unit")
    await desk.add(source, item="pay-api", version="9.1.0", parent=unit)
    await desk.add(source, item="pay-db", version="15.4", parent=unit)
    release = await requested(work, nonce="other", changes="CHG3")
    await desk.add(release, item="pay-api", version="9.2.0")
    edited = await copy_package(work, by("U0ANN"), await desk.editing(release), source)
    assert edited.count == 2
    assert await desk.shown(release) == ["pay-api 9.2.0", "unit Unit 1", "  pay-db 15.4", "CHG3"]
    with pytest.raises(Invalid, match="not here already"):
        await copy_package(work, by("U0ANN"), await desk.editing(release), source)
    with pytest.raises(Invalid, match="another release of the same service"):
        await copy_package(work, by("U0ANN"), await desk.editing(release), release)
    async with work.database.reading() as session:
        assert [one.id for one in await queries.releases_to_copy_from(session, release, "pay")] == [source]
        assert await queries.releases_to_copy_from(session, release, "%") == []
