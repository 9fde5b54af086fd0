"""Opening, stacking and replacing views."""

import hashlib
import secrets
from typing import Any

from bot.workspace.world.app_content import checked_view
from bot.workspace.world.element_values import carried_over, initial_values
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, View
from bot.workspace.world.store import Store

STACK_DEPTH = 3
"""Modals on top of each other."""

_FIELDS = (
    "callback_id",
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)


def place_modal(store: Store, user: str, given: Any, on_top_of: View | None = None) -> View:
    """Open a modal on top of ``on_top_of``, or instead of all that is open.

    Raises CallRefused for an invalid view, an external_id in use, or a fourth modal.
    """
    described = checked_view(store, given, "modal")
    stack = store.modals[user]
    if on_top_of is None:
        stack.clear()
    elif len(stack) >= STACK_DEPTH:
        raise CallRefused("push_limit_reached")
    _check_external_id(store, described, None)
    view = View(store.new_id("V"), "modal", user)
    view.root_view_id = stack[0].root_view_id if stack else view.id
    view.previous_view_id = stack[-1].id if stack else None
    _fill(store, view, described)
    view.values = initial_values(view.blocks)
    stack.append(view)
    store.tell_view(view)
    return view


def place_home(store: Store, user: str, given: Any, expected_hash: str | None) -> View:
    """Raises CallRefused for an invalid view or a stale hash."""
    described = checked_view(store, given, "home")
    view = store.homes.get(user)
    if view is None:
        view = View(store.new_id("V"), "home", user)
        view.root_view_id = view.id
    elif expected_hash and expected_hash != view.hash:
        raise CallRefused("hash_conflict")
    _check_external_id(store, described, view)
    _fill(store, view, described)
    view.values = carried_over(view.blocks, view.values)
    store.homes[user] = view
    store.tell_view(view)
    return view


def replace_view(store: Store, view: View, given: Any, expected_hash: str | None = None) -> View:
    """What was entered stays where block_id, action_id and type stay.

    Raises CallRefused for an invalid view or a stale hash.
    """
    described = checked_view(store, given, view.kind)
    if expected_hash and expected_hash != view.hash:
        raise CallRefused("hash_conflict")
    _check_external_id(store, described, view)
    _fill(store, view, described)
    view.values = carried_over(view.blocks, view.values)
    view.errors = {}
    store.tell_view(view)
    return view


def _fill(store: Store, view: View, described: Json) -> None:
    for name in _FIELDS:
        setattr(view, name, described.get(name) or getattr(View("", "modal", ""), name))
    digest = hashlib.sha1(secrets.token_bytes(8), usedforsecurity=False).hexdigest()[:8]
    view.hash = f"{store.unix()}.{digest}"


def _check_external_id(store: Store, described: Json, view: View | None) -> None:
    wanted = described.get("external_id")
    if not wanted:
        return
    others = [one for stack in store.modals.values() for one in stack] + list(store.homes.values())
    if any(one.external_id == wanted and one is not view for one in others):
        raise CallRefused("duplicate_external_id")
