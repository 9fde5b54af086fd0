"""Saying what is in an environment, where no deployment does."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.environments.contents import CONTENTS_FORM, SAY, contents_form, contents_said
from models.environments.lookup import find_environment
from models.environments.stated_contents import environment_to_state, state_contents


@action(SAY)
async def ask_what_is_in_it(desk: Desk, incoming: Incoming) -> Answer:
    key = str(incoming.value["e"])
    found, data = await environment_to_state(desk.work, incoming.actor, key)
    return Open(contents_form(found.name, key, data.name if data else ""))


@view(CONTENTS_FORM)
async def submit_contents(desk: Desk, incoming: Incoming) -> Answer:
    key, fields = str(incoming.metadata["e"]), incoming.fields
    versions, data = fields.text("versions"), fields.text("test_data")
    await state_contents(desk.work, incoming.actor, key, versions, data)
    return Tell(contents_said(find_environment(await desk.catalog(), key).name, key))
