"""From Bolt to a handler and back: one middleware that takes everything, a dict for each kind of payload.

Bolt tries its listeners one after another and gathers some thirty arguments for each that it calls, so many of them
make every click slower; a middleware is handed the request as it is, and the registry's dicts find the handler. The
acknowledgement carries the answer where Slack lets it; anything that needs a call goes out after it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
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

from handlers.dispatch.answers import Answer, Back, Change, Choices, Nothing, Open, Replace, Tell, Wrong
from handlers.dispatch.desk import Desk
from handlers.dispatch.errors import answer_to
from handlers.dispatch.help import help_for
from handlers.dispatch.incoming import Incoming, Payload
from handlers.dispatch.outgoing import Outgoing
from handlers.dispatch.registry import Handler, Registry
from handlers.dispatch.repeats import Repeats
from messages.kit.blocks import message_view
from messages.kit.refusals import refusal
from models.text import storable

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds a handler may take before its click is acknowledged without waiting for it (Slack allows 3)."""

_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]*)(?:\|([^<>]*))?>")


class Dispatcher:
    """Runs handlers for what Slack delivers and carries out what they answer."""

    def __init__(self, registry: Registry, desk: Desk, client: AsyncWebClient) -> None:
        self._registry = registry
        self._desk = desk
        self._outgoing = Outgoing(client, desk)
        self._running: set[asyncio.Task[Any]] = set()
        self._met: set[str] = set()
        self._repeats = Repeats()

    def attach(self, app: AsyncApp) -> None:
        """Have ``app`` hand over everything that it knows the sender of."""
        app.use(_Everything(self))

    async def acknowledge(self, body: Payload) -> BoltResponse:
        """Carry out what Slack delivers; gives what it is acknowledged with.

        The most frequent kind is asked for first. What nobody takes, such as the closing of a modal, is
        acknowledged too: else Slack would deliver it again.
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
        incoming = _incoming(body, "home" if _is_home(body) else "modal" if body.get("view") else "button")
        handler = self._registry.actions.get(incoming.action.get("action_id", ""))
        return self._afterwards(await self._run(handler, incoming), incoming)

    async def _command(self, body: Payload) -> BoltResponse:
        command = str(body.get("command", ""))
        name, _, rest = as_typed(str(body.get("text") or "")).strip().partition(" ")
        verb = self._registry.verbs.get((command, name.lower()))
        incoming = _incoming(body, "command", rest.strip())
        if verb is None:
            answer: Answer = Tell(help_for(self._registry, command, name))
        else:
            answer = await self._run(verb.handler, incoming)
        if isinstance(answer, Tell) and answer.fallback is None:
            self._meet(incoming)
            message = answer.message
            return await _answered(text=message.text, blocks=message.blocks, response_type="ephemeral")
        return self._afterwards(answer, incoming)

    async def _submission(self, body: Payload) -> BoltResponse:
        incoming = _incoming(body, "modal")
        return await self._repeats.once(incoming.delivery, lambda: self._submitted(incoming))

    async def _submitted(self, incoming: Incoming) -> BoltResponse:
        handler = self._registry.views.get(incoming.view.get("callback_id", ""))
        answer = await self._run(handler, incoming, in_modal=True)
        self._meet(incoming)
        if isinstance(answer, Back) and not incoming.view.get("previous_view_id"):
            answer = Change(answer.view)
        match answer:
            case Wrong(problems):
                self._repeats.forget(incoming.delivery)
                return await _answered(**_wrong(problems, incoming.view))
            case Change(view):
                return await _answered(response_action="update", view=view)
            case Open(view):
                return await _answered(response_action="push", view=view)
            case Tell(message):
                return await _answered(response_action="update", view=message_view(message))
            case Replace() | Back():
                return self._afterwards(answer, incoming)
            case _:
                return _taken()

    async def _shortcut(self, body: Payload) -> BoltResponse:
        incoming = _incoming(body, "shortcut")
        answer = await self._run(self._registry.shortcuts.get(body.get("callback_id", "")), incoming)
        return self._afterwards(answer, incoming)

    async def _options(self, body: Payload) -> BoltResponse:
        incoming = _incoming(body, "modal", str(body.get("value") or ""))
        answer = await self._run(self._registry.options.get(body.get("action_id", "")), incoming)
        return await _answered(options=answer.options[:100] if isinstance(answer, Choices) else [])

    async def _event(self, body: Payload) -> BoltResponse:
        event = body.get("event") or {}
        handler = self._registry.events.get(event.get("type", ""))
        if handler is not None:
            await self._run(handler, _incoming(body, "event"))
        return _taken()

    async def _run(self, handler: Handler | None, incoming: Incoming, *, in_modal: bool = False) -> Answer:
        """What ``handler`` answers; one that takes long goes on, and answers after the acknowledgement."""
        if handler is None:
            return Nothing()
        if handler in self._registry.quick and self._desk.work.database.answers_at_once:
            return await _guarded(handler, self._desk, incoming, in_modal=in_modal)
        work = self._track(_guarded(handler, self._desk, incoming, in_modal=in_modal))
        done, _ = await asyncio.wait((work,), timeout=PATIENCE)
        if done:
            return cast(Answer, work.result())
        self._track(self._late(work, incoming))
        return Nothing()

    async def _late(self, work: "asyncio.Task[Answer]", incoming: Incoming) -> None:
        await self._outgoing.late(await work, incoming)

    def _afterwards(self, answer: Answer, incoming: Incoming) -> BoltResponse:
        """Acknowledge with nothing, and carry out what the answer calls for once that is on its way."""
        if not isinstance(answer, Nothing):
            self._track(self._outgoing.carry_out(answer, incoming))
        self._meet(incoming)
        return _taken()

    def _meet(self, incoming: Incoming) -> None:
        if incoming.person and incoming.person not in self._met:
            self._met.add(incoming.person)
            self._track(_logged(self._outgoing.meet, incoming))

    def _track(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


class _Everything(AsyncMiddleware):
    """Stands last in Bolt's chain, where the sender is known, and answers everything."""

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
        return await self._dispatcher.acknowledge(req.body)


async def _answered(**content: Any) -> BoltResponse:
    """An acknowledgement that says something; the form is Bolt's."""
    return await AsyncAck()(**content)  # type: ignore[no-untyped-call]


def _taken() -> BoltResponse:
    return BoltResponse(status=200, body="")


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


def as_typed(text: str) -> str:
    """A command's text as the person typed it: Slack marks links and escapes three characters on the way here."""
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _incoming(body: Payload, surface: str, text: str = "") -> Incoming:
    user = body.get("user") or {}
    event = body.get("event") or {}
    person = body.get("user_id") or user.get("id") or event.get("user") or ""
    return Incoming(
        payload=body,
        surface=surface,
        person=person if isinstance(person, str) else str(person.get("id", "")),
        name=storable(str(body.get("user_name") or user.get("username") or user.get("name") or "")),
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        channel=str(
            body.get("channel_id")
            or (body.get("channel") or {}).get("id")
            or (body.get("container") or {}).get("channel_id")
            or ""
        ),
        text=storable(text),
    )


def _is_home(body: Payload) -> bool:
    return (body.get("view") or {}).get("type") == "home"


def _wrong(problems: Mapping[str, str], view: Payload) -> Payload:
    """Problems under their fields; Slack takes none for a modal without any, so that says them itself."""
    if _inputs(view):
        return {"response_action": "errors", "errors": _under_fields(problems, view)}
    return {"response_action": "update", "view": message_view(refusal(" ".join(problems.values())))}


def _under_fields(problems: Any, view: Payload) -> dict[str, str]:
    """Problems by the input they belong to; those of no input stand under the first. There has to be one."""
    inputs = _inputs(view)
    under: dict[str, str] = {}
    for name, problem in problems.items():
        place = name if name in inputs else inputs[0]
        under[place] = f"{under[place]} {problem}" if place in under else problem
    return under


def _inputs(view: Payload) -> list[str]:
    return [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
