"""From Bolt to a handler and back: one middleware that takes everything, a dict for each kind of payload.

Bolt tries its listeners one after another and gathers some thirty arguments for each that it calls, so many of them
make every click slower; a middleware is handed the request as it is, and the registry's dicts find the handler. The
acknowledgement carries the answer where Slack lets it; anything that needs a call goes out after it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.payload_utils import (
    is_block_actions,
    is_block_suggestion,
    is_shortcut,
    is_slash_command,
    is_view_submission,
)
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.dispatch.acknowledgements import accepted, modal_acknowledgement, saying
from handlers.dispatch.admission import Admission, MembershipReader
from handlers.dispatch.answers import Answer, Choices, Nothing, Tell, Wrong
from handlers.dispatch.desk import Desk
from handlers.dispatch.errors import answer_to
from handlers.dispatch.help import help_for
from handlers.dispatch.incoming import Incoming, Payload
from handlers.dispatch.registry import Handler, Registry
from handlers.dispatch.repeated_submissions import RepeatedSubmissions
from handlers.dispatch.responder import Responder
from handlers.dispatch.slack_text import command_as_typed
from messages.kit.slack_limits import MENU_OPTIONS
from models.catalog.document import is_person

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds a handler may take before its click is acknowledged without waiting for it (Slack allows 3)."""


class Dispatcher:
    """Runs handlers for what Slack delivers and carries out what they answer."""

    def __init__(
        self, registry: Registry, desk: Desk, client: AsyncWebClient, membership: MembershipReader | None = None
    ) -> None:
        self._registry = registry
        self._desk = desk
        self._admission = Admission(desk, membership)
        self._responder = Responder(client, desk)
        self._running: set[asyncio.Task[Any]] = set()
        self._known: set[str] = set()
        self._repeats = RepeatedSubmissions()

    def attach(self, app: AsyncApp) -> None:
        """Take everything whose sender ``app`` has verified."""
        app.use(_Everything(self))

    async def dispatch(self, body: Payload) -> BoltResponse:
        """Carry out what Slack delivers; the result acknowledges it.

        The most frequent kind is asked for first. What nobody takes, such as the closing of a modal, is
        acknowledged too, or Slack would deliver it again.
        """
        if is_block_actions(body):
            return await self._action(body)
        if is_slash_command(body):
            return await self._command(body)
        if is_view_submission(body):
            return await self._submission(body)
        if is_block_suggestion(body):
            return await self._options(body)
        if is_shortcut(body):
            return await self._shortcut(body)
        return await self._event(body)

    async def drain(self) -> None:
        """Wait for what is still running after its acknowledgement."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def _action(self, body: Payload) -> BoltResponse:
        incoming = Incoming.of(body, _surface(body))
        handler = self._registry.actions.get(incoming.action.get("action_id", ""))
        return self._afterwards(await self._run(handler, incoming), incoming)

    async def _command(self, body: Payload) -> BoltResponse:
        command = str(body.get("command", ""))
        name, _, rest = command_as_typed(str(body.get("text") or "")).strip().partition(" ")
        verb = self._registry.verbs.get((command, name.lower()))
        incoming = Incoming.of(body, "command", rest.strip())
        if verb is None:
            answer: Answer = Tell(help_for(self._registry, command, name))
        else:
            answer = await self._run(verb.handler, incoming)
        if isinstance(answer, Tell) and answer.fallback is None:
            self._remember(incoming)
            message = answer.message
            return await saying(text=message.text, blocks=message.blocks, response_type="ephemeral")
        return self._afterwards(answer, incoming)

    async def _submission(self, body: Payload) -> BoltResponse:
        submitted = Incoming.of(body, "modal")
        return await self._repeats.answer(submitted.payload_key, lambda: self._submitted(submitted))

    async def _submitted(self, submitted: Incoming) -> BoltResponse:
        handler = self._registry.views.get(submitted.view.get("callback_id", ""))
        answer = await self._run(handler, submitted, in_modal=True)
        self._remember(submitted)
        if isinstance(answer, Wrong):
            self._repeats.forget(submitted.payload_key)
        content = modal_acknowledgement(answer, submitted.view)
        return await saying(**content) if content else self._afterwards(answer, submitted)

    async def _shortcut(self, body: Payload) -> BoltResponse:
        incoming = Incoming.of(body, "shortcut")
        answer = await self._run(self._registry.shortcuts.get(body.get("callback_id", "")), incoming)
        return self._afterwards(answer, incoming)

    async def _options(self, body: Payload) -> BoltResponse:
        incoming = Incoming.of(body, "modal", str(body.get("value") or ""))
        answer = await self._run(self._registry.menus.get(body.get("action_id", "")), incoming)
        return await saying(options=answer.options[:MENU_OPTIONS] if isinstance(answer, Choices) else [])

    async def _event(self, body: Payload) -> BoltResponse:
        event = body.get("event") or {}
        handler, incoming = self._registry.events.get(event.get("type", "")), Incoming.of(body, "event")
        if handler is not None and self._admission.takes_event(incoming):
            await self._run(handler, incoming)
        return accepted()

    async def _run(self, handler: Handler | None, incoming: Incoming, *, in_modal: bool = False) -> Answer:
        """The answer of ``handler``; one that takes long goes on, and answers after the acknowledgement."""
        if handler is None:
            return Nothing()
        at_once = handler in self._registry.quick and self._admission.needs_no_look(incoming)
        if at_once and self._desk.work.database.answers_at_once:
            return await _guarded(handler, self._desk, incoming, in_modal=in_modal)
        work = self._track(self._admitted(handler, incoming, at_once=at_once, in_modal=in_modal))
        done, _ = await asyncio.wait((work,), timeout=PATIENCE)
        if done:
            return cast(Answer, work.result())
        self._track(self._late(work, incoming))
        return Nothing()

    async def _admitted(self, handler: Handler, incoming: Incoming, *, at_once: bool, in_modal: bool) -> Answer:
        """The answer of ``handler``, or the refusal of somebody who isn't let in."""
        try:
            if incoming.surface == "event":
                incoming = await self._admission.recognize(incoming)
            elif not at_once:
                await self._admission.check(incoming)
        except Exception as error:  # the edge: as below
            return answer_to(error, in_modal=in_modal)
        return await _guarded(handler, self._desk, incoming, in_modal=in_modal)

    async def _late(self, work: "asyncio.Task[Answer]", incoming: Incoming) -> None:
        await self._responder.late(await work, incoming)

    def _afterwards(self, answer: Answer, incoming: Incoming) -> BoltResponse:
        """Acknowledge with nothing, and carry out the answer once that is on its way."""
        if not isinstance(answer, Nothing):
            self._track(self._responder.carry_out(answer, incoming))
        self._remember(incoming)
        return accepted()

    def _remember(self, incoming: Incoming) -> None:
        if is_person(incoming.person) and incoming.person not in self._known:
            self._known.add(incoming.person)
            self._track(_logged(self._responder.remember_person, incoming))

    def _track(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


class _Everything(AsyncMiddleware):
    """The last in Bolt's chain, where the sender is known; it answers everything."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Answer the request."""
        return await self._dispatcher.dispatch(req.body)


async def _guarded(handler: Handler, desk: Desk, incoming: Incoming, *, in_modal: bool) -> Answer:
    try:
        return await handler(desk, incoming)
    except Exception as error:  # the edge: every error becomes an answer, unforeseen ones are logged
        return answer_to(error, in_modal=in_modal)


async def _logged(work: Callable[[Incoming], Awaitable[None]], incoming: Incoming) -> None:
    try:
        await work(incoming)
    except Exception:  # the edge: nobody waits for this, so the log has to say it
        log.exception("after_acknowledgement_failed", person=incoming.person)


def _surface(body: Payload) -> str:
    """Where a click was made."""
    view = body.get("view") or {}
    return "home" if view.get("type") == "home" else "modal" if view else "button"
