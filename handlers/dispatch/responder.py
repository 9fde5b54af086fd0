"""Answers that need a call to Slack: modals, and words for one person. All else goes through the outbox."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.dispatch.answers import Answer, Back, Change, Open, Replace, Tell, View, Wrong
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.view_updates import ViewUpdates
from messages.kit.blocks import Message, message_view
from messages.kit.refusals import refusal
from models.people.directory import remember_first_contact
from models.workspace_features import refuse_native_charts

log = structlog.get_logger()

REFUSED_BLOCKS = ("invalid_blocks", "invalid_blocks_format")

TOO_LATE = frozenset(("expired_trigger_id", "trigger_expired"))
"""What Slack says when a modal is opened more than three seconds after the click."""

EXPECTED = TOO_LATE | {"exchanged_trigger_id", "hash_conflict", "not_found"}
"""What Slack says when the person has moved on meanwhile; there is nothing left to show."""

_TOO_LATE = "Slack gave the form no time to open. Nothing was changed; please try once more."


class Responder:
    """Carries out answers for the person who asked."""

    def __init__(self, client: AsyncWebClient, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._updates = ViewUpdates(client)

    async def carry_out(self, answer: Answer, incoming: Incoming) -> None:
        """Open, change or say what ``answer`` holds; what Slack refuses is logged."""
        try:
            await self._carry_out(answer, incoming)
        except SlackApiError as error:
            code = _said(error).get("error", "")
            if code in TOO_LATE and incoming.surface in ("command", "button"):
                await self.carry_out(Tell(refusal(_TOO_LATE)), incoming)
            elif code not in EXPECTED:
                detail = (_said(error).get("response_metadata") or {}).get("messages")
                log.warning("answer_refused", answer=type(answer).__name__, error=code, detail=detail)
        except (ClientError, OSError, TimeoutError) as error:
            log.warning("answer_not_sent", answer=type(answer).__name__, error=type(error).__name__)

    async def late(self, answer: Answer, incoming: Incoming) -> None:
        """An answer whose acknowledgement went out before it: said instead of shown under a field."""
        if isinstance(answer, Wrong):
            answer = Tell(refusal(" ".join(answer.problems.values())))
        await self.carry_out(answer, incoming)

    async def remember_person(self, incoming: Incoming) -> None:
        """Remember who this is, so that their name can be shown."""
        await remember_first_contact(self._desk.work, incoming.person, incoming.name)

    async def _carry_out(self, answer: Answer, incoming: Incoming) -> None:
        match answer:
            case Open(view) if incoming.surface == "modal":
                await self._put_on_top(view, incoming)
            case Open(view):
                await self._client.views_open(trigger_id=incoming.trigger_id, view=view)
            case Change(view):
                await self._updates.show(view, incoming.view)
            case Back(view) if below := incoming.view.get("previous_view_id"):
                await self._client.views_update(view_id=below, view=view)
            case Back(view):
                await self._client.views_open(trigger_id=incoming.trigger_id, view=view)
            case Replace(message, url, fallback) if url or incoming.response_url:
                target = url or incoming.response_url
                await self._or_fallback(message, fallback, lambda one: self._respond(one, target, replace=True))
            case Replace() if incoming.surface == "modal":  # the modal closes, and where it came from is not known
                pass
            case Replace(message, _, fallback) | Tell(message, fallback):
                await self._or_fallback(message, fallback, lambda one: self._say(one, incoming))

    async def _or_fallback(
        self, message: Message, fallback: Message | None, say: Callable[[Message], Awaitable[None]]
    ) -> None:
        try:
            await say(message)
        except SlackApiError as error:
            if fallback is None or _said(error).get("error") not in REFUSED_BLOCKS:
                raise
            await refuse_native_charts(self._desk.work)
            await say(fallback)

    async def _say(self, message: Message, incoming: Incoming) -> None:
        if incoming.surface == "modal":
            await self._put_on_top(message_view(message), incoming)
        elif incoming.surface in ("home", "shortcut") and not incoming.response_url:
            await self._client.views_open(trigger_id=incoming.trigger_id, view=message_view(message))
        elif not incoming.response_url:
            await self._say_in_channel(message, incoming)
        else:
            try:
                await self._respond(message, incoming.response_url, replace=False)
            except SlackApiError as error:  # used up, or older than half an hour
                if _said(error).get("error") in REFUSED_BLOCKS:
                    raise
                await self._say_in_channel(message, incoming)

    async def _say_in_channel(self, message: Message, incoming: Incoming) -> None:
        await self._client.chat_postEphemeral(
            channel=incoming.channel or incoming.person,
            user=incoming.person,
            text=message.text,
            blocks=message.blocks,
        )

    async def _put_on_top(self, view: View, incoming: Incoming) -> None:
        """On top of the modal it came from, or in place of the third: more do not stack (docs/slack-facts.md)."""
        below, root = (incoming.view.get(name) for name in ("previous_view_id", "root_view_id"))
        if below and below != root:
            third = incoming.view
            await self._client.views_update(view_id=third["id"], hash=third.get("hash"), view=view)
        else:
            await self._client.views_push(trigger_id=incoming.trigger_id, view=view)

    async def _respond(self, message: Message, url: str, *, replace: bool) -> None:
        answer = await AsyncWebhookClient(
            url, session=self._client.session, retry_handlers=self._client.retry_handlers
        ).send(text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=replace)
        if answer.status_code != 200:
            refusal = {"error": answer.body.strip()}
            raise SlackApiError("response_url refused", refusal)  # type: ignore[no-untyped-call]


def _said(error: SlackApiError) -> dict[str, Any]:
    """What Slack said; a proxy or a broken server answers with anything but JSON."""
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}
