"""What a payload is acknowledged with. Slack shows the acknowledgement of a submission in the modal itself."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse

from handlers.dispatch.answers import Answer, Back, Change, Open, Tell, Wrong
from handlers.dispatch.incoming import Payload
from messages.kit.blocks import message_view
from messages.kit.refusals import refusal


def accepted() -> BoltResponse:
    """An acknowledgement that says nothing: a submitted modal closes."""
    return BoltResponse(status=200, body="")


async def saying(**content: Any) -> BoltResponse:
    """An acknowledgement that says something; the form is Bolt's."""
    return await AsyncAck()(**content)  # type: ignore[no-untyped-call]


def modal_acknowledgement(answer: Answer, view: Payload) -> Payload:
    """What the acknowledgement of a submitted ``view`` says for ``answer``; empty where the modal just closes."""
    match answer:
        case Wrong(problems):
            return _problems(problems, view)
        case Back(shown) if not view.get("previous_view_id"):
            return {"response_action": "update", "view": shown}
        case Change(shown):
            return {"response_action": "update", "view": shown}
        case Open(shown):
            return {"response_action": "push", "view": shown}
        case Tell(message):
            return {"response_action": "update", "view": message_view(message)}
        case _:
            return {}


def _problems(problems: Mapping[str, str], view: Payload) -> Payload:
    """Problems under their fields; Slack takes none for a modal without any, so that says them itself."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    if inputs:
        return {"response_action": "errors", "errors": _under_fields(problems, inputs)}
    return {"response_action": "update", "view": message_view(refusal(" ".join(problems.values())))}


def _under_fields(problems: Mapping[str, str], inputs: list[str]) -> dict[str, str]:
    """Problems by the input they belong to; those of no input stand under the first."""
    under: dict[str, str] = {}
    for name, problem in problems.items():
        place = name if name in inputs else inputs[0]
        under[place] = f"{under[place]} {problem}" if place in under else problem
    return under
