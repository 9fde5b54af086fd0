"""Applying a catalog, on both databases."""

import asyncio

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogRevision
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import OPEN, State
from models.outbox import Outgoing
from models.services.apply import apply_catalog
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from tests.conftest import example_document
from tests.factories import make_release

PETRA = Actor(person="U0PETRA", surface="cli")


def example(**changes) -> Catalog:
    return Catalog.model_validate({**example_document(), **changes})


def without_web() -> Catalog:
    document = example_document()
    document["services"].pop()
    document["digests"] = []
    return Catalog.model_validate(document)


def without_minor() -> Catalog:
    document = example_document()
    del document["services"][0]["policy"]["types"]["minor"]
    return Catalog.model_validate(document)


def renamed(name: str) -> Catalog:
    document = example_document()
    document["services"][0]["name"] = name
    return Catalog.model_validate(document)


async def rows(work, table):
    async with work.database.reading() as session:
        return (await session.exec(select(table).order_by(table.id))).all()


async def current(work) -> Catalog:
    async with work.reading() as snapshot:
        return await snapshot.catalog()


async def test_the_applied_catalog_is_the_one_that_holds(work):
    changes = await apply_catalog(work, PETRA, example())
    assert "Service PAY added" in changes
    held = await current(work)
    assert held.revision == 1
    assert held.model_copy(update={"revision": 0}) == example()
    async with work.reading() as snapshot:
        assert (await snapshot.catalog()).revision == 1


async def test_applying_the_same_again_changes_nothing(work):
    await apply_catalog(work, PETRA, example())
    assert await apply_catalog(work, PETRA, example()) == []
    assert len(await rows(work, CatalogRevision)) == 1
    assert len(await rows(work, AuditEntry)) == 1


async def test_a_dry_run_says_what_would_change_and_changes_nothing(work):
    await apply_catalog(work, PETRA, example())
    said = await apply_catalog(work, PETRA, renamed("Pay"), dry_run=True)
    assert said == ["Service PAY, name: Payments -> Pay"]
    assert len(await rows(work, CatalogRevision)) == 1
    assert (await current(work)).by_key["PAY"].name == "Payments"


async def test_what_changed_and_who_did_it_is_on_record(work, clock):
    await apply_catalog(work, PETRA, example())
    await apply_catalog(work, PETRA, renamed("Pay"))
    entry = (await rows(work, AuditEntry))[-1]
    assert (entry.tag, entry.kind, entry.subject) == ("catalog:applied", "catalog", "2")
    assert (entry.person, entry.surface, entry.at) == ("U0PETRA", "cli", clock.now())
    assert entry.facts["changes"] == ["Service PAY, name: Payments -> Pay"]


async def test_the_order_of_types_and_roles_is_kept(work):
    document = example_document()
    types = document["services"][0]["policy"]["types"]
    document["services"][0]["policy"]["types"] = {name: types[name] for name in ("minor", "emergency", "major")}
    await apply_catalog(work, PETRA, Catalog.model_validate(document))
    assert list((await current(work)).by_key["PAY"].policy.types) == ["minor", "emergency", "major"]


@pytest.mark.parametrize("state", list(OPEN))
async def test_a_service_with_open_releases_stays(work, catalog, state):
    await make_release(work, state, service="WEB", identifier="Release Package 3 v1.2")
    with pytest.raises(
        Refused, match=r"The service WEB cannot go .* open: Release Package 3 v1.2\. Deploy or cancel"
    ):
        await apply_catalog(work, PETRA, without_web())
    assert "WEB" in (await current(work)).by_key


@pytest.mark.parametrize("state", [state for state in State if state not in OPEN])
async def test_a_service_whose_releases_are_all_closed_goes(work, catalog, state):
    await make_release(work, state, service="WEB")
    assert "Service WEB removed" in await apply_catalog(work, PETRA, without_web())
    assert "WEB" not in (await current(work)).by_key


async def test_a_type_with_open_releases_stays_and_the_first_of_many_are_named(work, catalog):
    for number in range(1, 8):
        await make_release(work, identifier=f"PAY-2026.00{number}", type="minor")
    await make_release(work, identifier="PAY-2026.008", type="major")
    with pytest.raises(Refused) as refused:
        await apply_catalog(work, PETRA, without_minor(), dry_run=True)
    assert str(refused.value) == (
        "The type minor of PAY cannot go while releases of it are open: PAY-2026.001, PAY-2026.002, PAY-2026.003, "
        "PAY-2026.004, PAY-2026.005 and 2 more. Deploy or cancel them first."
    )


async def test_cards_of_open_releases_are_shown_anew_where_their_service_changed(work, catalog):
    touched = await make_release(work, service="PAY")
    await make_release(work, service="WEB")
    await make_release(work, State.CANCELLED, service="PAY")
    await apply_catalog(work, PETRA, renamed("Pay"))
    assert [(row.key, row.message) for row in await rows(work, Outgoing)] == [
        (f"card:{touched.id}", "release_card")
    ]


async def test_those_that_apply_at_once_come_one_after_the_other(work, clock, database_url):
    await apply_catalog(work, PETRA, example())
    other_database = Database(database_url)
    other = UnitOfWork(other_database, clock, posts_for)
    await apply_catalog(other, PETRA, example())
    names = [f"Payments {number}" for number in range(6)]
    said = await asyncio.gather(
        *(apply_catalog(each, PETRA, renamed(name)) for each, name in zip((work, other) * 3, names, strict=True))
    )
    await other_database.close()
    befores = {changes[0].removeprefix("Service PAY, name: ").partition(" -> ")[0] for changes in said}
    last = (await current(work)).by_key["PAY"].name
    assert befores == {"Payments", *names} - {last}
    assert len(await rows(work, CatalogRevision)) == 7
