"""Looking at what a release contains."""

from handlers.dispatch.answers import Answer, Change, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from handlers.releases.identifiers import release_named
from messages.releases.package.show import OPEN_PACKAGE, PAGE, PAGE_BACK, package_shown, package_view
from models.packages.records import PackageRecord
from models.releases.package import queries


@command("/release", "package", "ID", help="show and edit what a release contains")
async def show_package(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Tell(package_shown(await read_package(desk, release_id)))


@action(OPEN_PACKAGE)
async def open_package(desk: Desk, incoming: Incoming) -> Answer:
    """What a release contains, from its card or on top of its details."""
    return Open(package_view(await read_package(desk, int(incoming.value["r"]))))


@action(PAGE, PAGE_BACK)
async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    found = await read_package(desk, int(incoming.value["r"]))
    page = int(incoming.value["p"])
    return Change(package_view(found, page)) if incoming.surface == "modal" else Replace(package_shown(found, page))


async def read_package(desk: Desk, release_id: int) -> PackageRecord:
    """What the release contains now."""
    async with desk.work.reading() as snapshot:
        return await queries.package_record(snapshot.session, await snapshot.catalog(), release_id)
