"""The release that a command names."""

from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from models.lifecycle.identifiers import find_release


async def release_named(desk: Desk, incoming: Incoming) -> tuple[int, str]:
    """The id of the release that the command begins with, and the words after it. Raises NotFound."""
    async with desk.work.reading() as snapshot:
        release, rest = await find_release(snapshot.session, incoming.text)
    return release.id, rest
