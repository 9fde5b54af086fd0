"""The Home tab, shown when somebody looks at it. Its buttons are handled with those of the cards."""

from handlers.dispatch.answers import Answer, Nothing
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, event
from messages.home import SHOW
from models.people.home_refresh import open_home


@event("app_home_opened")
async def show_opened_home(desk: Desk, incoming: Incoming) -> Answer:
    """Show the Home that was opened; the Messages tab has nothing of ours."""
    if incoming.payload["event"].get("tab", "home") == "home":
        await open_home(desk.work, incoming.person, known=incoming.known)
    return Nothing()


@action(SHOW)
async def show_more_or_less(desk: Desk, incoming: Incoming) -> Answer:
    """Show everything, or the short Home again."""
    await open_home(desk.work, incoming.person, everything=bool(incoming.value["a"]))
    return Nothing()
