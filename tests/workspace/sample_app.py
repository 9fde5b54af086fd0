"""A Bolt app for the tests: a command opens a form, submissions get an answer."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.workspace import Workspace

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def text_input(block_id: str, label: str, **element: Any) -> Json:
    written = {"type": "plain_text_input", "action_id": "text", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": written}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


FORM = modal(
    text_input("title", "Title", max_length=20),
    {
        "type": "input",
        "block_id": "kind",
        "label": plain("Kind"),
        "optional": True,
        "dispatch_action": True,
        "element": {"type": "static_select", "action_id": "kind", "options": [option("big"), option("small")]},
    },
    private_metadata="7",
)


def open_on_command(bolt: AsyncApp, view: Json = FORM) -> list[Json]:
    """Let /help-me open ``view``; returns the bodies of its calls, as they come."""
    heard: list[Json] = []

    @bolt.command("/help-me")
    async def help_me(ack: Any, body: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return heard


async def open_form(workspace: Workspace, user: str = "ann") -> str:
    """Use /help-me; returns the id of the modal."""
    await workspace.command(user, "open", "/help-me")
    await workspace.idle()
    view = workspace.modal(workspace.person(user).id)
    assert view is not None
    return view.id


def answer_submissions(bolt: AsyncApp, **answer: Any) -> list[Json]:
    """Answer every submission with ``answer``; returns their bodies, as they come."""
    heard: list[Json] = []

    @bolt.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(**answer)

    return heard
