"""Messages and views as the app gives them: checked, completed with ids, and put in place."""

import copy
import json
import secrets
from typing import Any

from bot.workspace import blockkit
from bot.workspace.world.element_values import elements_of
from bot.workspace.world.errors import Refused
from bot.workspace.world.records import Json, Message
from bot.workspace.world.store import Store

MOST_TEXT = 40_000
"""Characters of a message's text; more are cut off."""


def given_json(value: Any, error: str) -> Any:
    """A parameter that may come as JSON or as a string of JSON. Raises Refused(``error``) for a broken string."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(error) from None


def checked_blocks(store: Store, given: Any) -> list[Json]:
    """The blocks of a message, completed with ids. Raises Refused as Slack refuses them."""
    blocks = given_json(given, "invalid_blocks_format") if given else []
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        raise Refused("invalid_blocks_format")
    problems = blockkit.message_problems(blocks) or _unwelcome(store, blocks, "")
    if problems:
        raise refusal("invalid_blocks", problems)
    if blockkit.text_length(blocks) > blockkit.MESSAGE_TEXT_LIMIT:
        raise Refused("msg_blocks_too_long")
    return completed(blocks)


def refusal(code: str, problems: "list[blockkit.Problem]") -> Refused:
    """The refusal that names every problem with its place."""
    lines = [str(problem) for problem in problems]
    return Refused(
        code,
        errors=[f"{one.message} [json-pointer:{one.pointer}]" for one in problems],
        response_metadata={"messages": lines},
    )


def _unwelcome(store: Store, blocks: list[Json], where: str) -> "list[blockkit.Problem]":
    """Blocks that a fault switch refuses, as a workspace does that does not have them yet."""
    return [
        blockkit.Problem(f"{where}/blocks/{number}/type", f"unsupported type: {block['type']}", "unsupported_type")
        for number, block in enumerate(blocks)
        if store.faults.strike("refuse_blocks", block["type"])
    ]


def checked_view(store: Store, given: Any, kind: str) -> Json:
    """A view, completed with ids. Raises Refused as Slack refuses it; ``kind`` is "modal" or "home"."""
    view = given_json(given, "invalid_arguments")
    if not isinstance(view, dict):
        raise refusal("invalid_arguments", [blockkit.Problem("/view", "must provide an object", "type")])
    problems = blockkit.view_problems(view, kind) or _unwelcome(store, view["blocks"], "/view")
    if problems:
        raise refusal("invalid_arguments", problems)
    return {**view, "blocks": completed(view["blocks"])}


def completed(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id."""
    blocks = copy.deepcopy(blocks)
    _name_blocks(blocks)
    for _, element in elements_of(blocks):
        element.setdefault("action_id", _random_id())
    return blocks


def _name_blocks(blocks: list[Json]) -> None:
    for block in blocks:
        block.setdefault("block_id", _random_id())
        _name_blocks(block.get("child_blocks") or [])
        if block["type"] == "carousel":
            _name_blocks(block["elements"])


def _random_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def app_message(store: Store, channel: str, text: str, blocks: list[Json], **fields: Any) -> Message:
    """Put a message of the app into ``channel``. Raises Refused when it says nothing."""
    if not text and not blocks:
        raise Refused("no_text")
    app = store.app
    described = {"bot_id": app.bot_id, "app_id": app.id, **fields}
    message = Message(channel, store.next_ts(), app.bot_user, text[:MOST_TEXT], blocks, **described)
    return store.add(message)
