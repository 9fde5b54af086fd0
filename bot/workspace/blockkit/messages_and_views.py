"""Whole messages and views: how many blocks, unique ids, what may be there only once."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit.blocks import SURFACES
from bot.workspace.blockkit.composition_objects import OPTION, OPTION_GROUP, plain
from bot.workspace.blockkit.schema import Check, Problem, Shape, flag, list_of, not_both, one_of, string, typed

MESSAGE_TEXT_LIMIT = 13_000
"""Characters of text in all blocks of a message; not documented by Slack."""

MARKDOWN_LIMIT = 12_000
"""Characters in all markdown blocks of a message."""

_AT_MOST = {"table": 1, "data_visualization": 2}
"""How many blocks of a type one message may have."""

_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {"type": one_of("modal"), "title": plain(24), "blocks": list_of(SURFACES["modal"], 100, 0)},
        {
            **_VIEW,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": Shape({"type": one_of("home"), "blocks": list_of(SURFACES["home"], 100, 0)}, _VIEW),
}
_SUGGESTED = Shape(
    {},
    {"options": list_of(OPTION, 100, 0), "option_groups": list_of(OPTION_GROUP, 100, 0)},
    (not_both("options", "option_groups"),),
)
_MESSAGE = list_of(SURFACES["message"], 50, 0)


def message_problems(blocks: list[Any], pointer: str = "/blocks") -> list[Problem]:
    """What Slack would refuse in the blocks of a message."""
    return list(_MESSAGE(blocks, pointer)) or [*_ids(blocks, pointer), *_only_so_many(blocks, pointer)]


def view_problems(view: Any, kind: str, pointer: str = "/view") -> list[Problem]:
    """What Slack would refuse in a view; ``kind`` is "modal" or "home"."""
    problems = list(typed(_VIEWS, (kind,))(view, pointer))
    if problems:
        return problems
    return [*_ids(view["blocks"], f"{pointer}/blocks"), *_submittable(view, pointer), *_one_focus(view, pointer)]


def options_problems(answer: Any) -> list[Problem]:
    """What Slack would refuse in an app's answer to a block_suggestion."""
    return list(_SUGGESTED(answer, ""))


def text_length(blocks: Any) -> int:
    """In characters."""
    if isinstance(blocks, list):
        return sum(text_length(one) for one in blocks)
    if isinstance(blocks, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else text_length(value)
            for key, value in blocks.items()
        )
    return 0


def _all_blocks(blocks: list[Any], pointer: str) -> Iterator[tuple[dict[str, Any], str]]:
    for place, block in enumerate(blocks):
        yield block, f"{pointer}/{place}"
        yield from _all_blocks(block.get("child_blocks") or [], f"{pointer}/{place}/child_blocks")
        if block["type"] == "carousel":
            yield from _all_blocks(block["elements"], f"{pointer}/{place}/elements")


def _ids(blocks: list[Any], pointer: str) -> Iterator[Problem]:
    """block_ids are unique, and action_ids within their block."""
    seen: set[str] = set()
    for block, where in _all_blocks(blocks, pointer):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Problem(f"{where}/block_id", f"`block_id` {block_id} already exists", "unique")
        elif block_id:
            seen.add(block_id)
        elements = block.get("elements") or () if block["type"] in ("actions", "context_actions") else ()
        actions = [one["action_id"] for one in (*elements, *(block.get("actions") or ())) if one.get("action_id")]
        for action_id, count in Counter(actions).items():
            if count > 1:
                yield Problem(where, f"`action_id` {action_id} already exists in this block", "unique")


def _only_so_many(blocks: list[Any], pointer: str) -> Iterator[Problem]:
    kinds = Counter(block["type"] for block, _ in _all_blocks(blocks, pointer))
    for kind, most in _AT_MOST.items():
        if kinds[kind] > most:
            yield Problem(pointer, f"no more than {most} {kind} blocks allowed", "max_items")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_LIMIT:
        yield Problem(pointer, f"markdown must be less than {MARKDOWN_LIMIT + 1} characters in all", "max_length")


def _submittable(view: dict[str, Any], pointer: str) -> Iterator[Problem]:
    has_inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_inputs and "submit" not in view:
        yield Problem(pointer, "missing required field: submit", "required")


def _one_focus(view: dict[str, Any], pointer: str) -> Iterator[Problem]:
    elements = (block.get("element") or block.get("accessory") or {} for block in view["blocks"])
    if sum(bool(one.get("focus_on_load")) for one in elements) > 1:
        yield Problem(f"{pointer}/blocks", "only one element can set `focus_on_load`", "focus_on_load")
