"""What happens to a known error: resolve it, open it again, write its workaround."""

from handlers.dispatch.answers import Answer, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.support.known_errors import tell_known_error
from messages.support.known_error_forms import RESOLVE_FORM, WORKAROUND_FORM, resolve_form, workaround_form
from messages.support.known_errors import EDIT, REOPEN, RESOLVE, news
from models.support import resolve
from models.support.numbers import read_known_error


@action(RESOLVE)
async def ask_how_solved(desk: Desk, incoming: Incoming) -> Answer:
    number = int(incoming.value["k"])
    found = await resolve.check_may_resolve(desk.work, incoming.actor, number)
    return await _tell(desk, "resolved", found) if found.again else Open(resolve_form(found.id, found.title))


@view(RESOLVE_FORM)
async def submit_solution(desk: Desk, incoming: Incoming) -> Answer:
    return await _resolve(desk, incoming, int(incoming.metadata["k"]), incoming.fields.text("solution"))


@command("/known-error", "resolve", "KE-1 [how]", help="close a known error that is solved")
async def resolve_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Resolve it; the words after the number say how."""
    return await _resolve(desk, incoming, *read_known_error(incoming.text))


@action(REOPEN)
async def reopen(desk: Desk, incoming: Incoming) -> Answer:
    number = int(incoming.value["k"])
    done = await resolve.reopen_known_error(desk.work, incoming.actor, number)
    return await _tell(desk, "reopened", done)


@action(EDIT)
async def ask_for_workaround(desk: Desk, incoming: Incoming) -> Answer:
    number = int(incoming.value["k"])
    found = await resolve.check_may_edit_workaround(desk.work, incoming.actor, number)
    return Open(workaround_form(found.id, found.title, found.workaround))


@view(WORKAROUND_FORM)
async def submit_workaround(desk: Desk, incoming: Incoming) -> Answer:
    number, text = int(incoming.metadata["k"]), incoming.fields.text("workaround")
    done = await resolve.change_workaround(desk.work, incoming.actor, number, text)
    return await _tell(desk, "workaround", done)


async def _resolve(desk: Desk, incoming: Incoming, number: int, solution: str) -> Answer:
    done = await resolve.resolve_known_error(desk.work, incoming.actor, number, solution)
    return await _tell(desk, "resolved", done)


async def _tell(desk: Desk, kind: str, done: resolve.KnownErrorResult) -> Answer:
    return await tell_known_error(desk, done.id, news(kind, done.number, done.title, again=done.again))
