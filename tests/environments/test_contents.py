"""What a deployment puts where is recorded by the deployment itself."""

import pytest

from models.environments.contents import contents, record_contents
from models.events import SYSTEM
from models.releases.deployment import back_out
from tests.environments.steps import tags
from tests.releases.steps import by, deployed

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def found(work, catalogs, key: str) -> dict[str, tuple[str, str]]:
    async with work.database.reading() as session:
        lines = await contents(session, await catalogs.current(session), key)
    return {line.ci: (line.version, line.release) for line in lines}


async def test_production_begins_with_what_the_catalog_says(work, catalogs):
    assert (await found(work, catalogs, "prod"))["pay-db"] == ("15.4", "")
    assert await found(work, catalogs, "test") == {}


async def test_a_deployed_release_is_in_production_until_it_is_backed_out(work, catalogs):
    first = await deployed(work, catalogs, nonce="1")
    await deployed(work, catalogs, nonce="2", title="Card payments 9.3")
    assert (await found(work, catalogs, "prod"))["PAY"] == ("PAY-2026.002", "PAY-2026.002")
    await back_out(work, catalogs, by("U0DANA", "modal"), 2, "It fails", "Card payments 9.2")
    assert (await found(work, catalogs, "prod"))["PAY"] == ("PAY-2026.001", "PAY-2026.001")
    assert first == 1
    assert await tags(work) == ["environment:content:recorded"] * 2 + ["environment:content:taken_back"]


async def test_the_newest_version_of_an_item_counts(work, catalogs):
    for version in ("9.2.0", "9.3.0"):
        async with work(SYSTEM) as tx:
            record_contents(tx, "test", {"pay-api": version, "pay-db": "15.4"}, None)
    assert await found(work, catalogs, "test") == {"pay-api": ("9.3.0", ""), "pay-db": ("15.4", "")}
