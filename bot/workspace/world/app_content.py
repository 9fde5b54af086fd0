"""Messages and views that the app sends: checked, given the ids they lack, and posted."""

import copy
import json
import secrets
from typing import Any

from bot.workspace.blockkit.messages_and_views import (
    MESSAGE_TEXT_LIMIT,
    message_problems,
    text_length,
    view_problems,
)
from bot.workspace.blockkit.schema import Problem
from bot.workspace.world.element_values import elements_of
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, Message
from bot.workspace.world.store import Store

MOST_TEXT = 40_000
"""Characters of a message's text; Slack cuts off the rest."""


def given_json(value: Any, error: str) -> Any:
    """A parameter that may be JSON or a string of JSON. Raises CallRefused(``error``) for a broken string."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise CallRefused(error) from None


def checked_blocks(store: Store, given: Any) -> list[Json]:
    """The blocks of a message with all ids. Raises CallRefused where Slack would."""
    blocks = given_json(given, "invalid_blocks_format") if given else []
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        raise CallRefused("invalid_blocks_format")
    problems = message_problems(blocks) or _switched_off(store, blocks, "")
    if problems:
        raise refusal("invalid_blocks", problems)
    if text_length(blocks) > MESSAGE_TEXT_LIMIT:
        raise CallRefused("msg_blocks_too_long")
    return with_ids(blocks)


def refusal(code: str, problems: list[Problem]) -> CallRefused:
    """Names every problem with its place."""
    lines = [str(problem) for problem in problems]
    return CallRefused(
        code,
        errors=[f"{one.message} [json-pointer:{one.pointer}]" for one in problems],
        response_metadata={"messages": lines},
    )


def _switched_off(store: Store, blocks: list[Json], where: str) -> list[Problem]:
    """Blocks that a fault refuses, as a workspace that does not have them yet."""
    return [
        Problem(f"{where}/blocks/{number}/type", f"unsupported type: {block['type']}", "unsupported_type")
        for number, block in enumerate(blocks)
        if store.faults.strike("refuse_blocks", block["type"])
    ]


def checked_view(store: Store, given: Any, kind: str) -> Json:
    """A view with all ids. Raises CallRefused where Slack would; ``kind`` is "modal" or "home"."""
    view = given_json(given, "invalid_arguments")
    if not isinstance(view, dict):
        raise refusal("invalid_arguments", [Problem("/view", "must provide an object", "type")])
    problems = view_problems(view, kind) or _switched_off(store, view["blocks"], "/view")
    if problems:
        raise refusal("invalid_arguments", problems)
    return {**view, "blocks": with_ids(view["blocks"])}


def with_ids(blocks: list[Json]) -> list[Json]:
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


def post_app_message(store: Store, channel: str, text: str, blocks: list[Json], **fields: Any) -> Message:
    """Post a message of the app. Raises CallRefused when it is empty."""
    if not text and not blocks:
        raise CallRefused("no_text")
    app = store.app
    described = {"bot_id": app.bot_id, "app_id": app.id, **fields}
    message = Message(channel, store.next_ts(), app.bot_user, text[:MOST_TEXT], blocks, **described)
    return store.add(message)
