"""Handlers carry their names; help shows them in one order, whichever module is imported first."""

import importlib
import pkgutil

import pytest

import handlers
from handlers.dispatch.registry import Registry
from handlers.registration import TOPICS, build_registry


async def approve(_desk, _incoming):
    raise NotImplementedError


async def reject(_desk, _incoming):
    raise NotImplementedError


def test_one_handler_may_carry_several_names():
    registry = Registry()
    named = registry.command("/release", "approve", help="approve it")(
        registry.action("a", "b", quick=True)(approve)
    )
    assert named is approve
    assert registry.actions == {"a": approve, "b": approve}
    assert registry.quick == {approve}
    assert registry.verbs["/release", "approve"].handler is approve


@pytest.mark.parametrize("kind", ["action", "view", "shortcut", "options", "event"])
def test_a_name_is_taken_once(kind):
    registry = Registry()
    getattr(registry, kind)("a")(approve)
    with pytest.raises(ValueError, match="a is registered twice"):
        getattr(registry, kind)("a")(reject)


def test_a_verb_is_taken_once_for_each_command():
    registry = Registry()
    registry.command("/release", "approve", help="approve it")(approve)
    registry.command("/environment", "approve", help="approve it")(approve)
    with pytest.raises(ValueError, match="twice"):
        registry.command("/release", "approve", help="approve it")(reject)


def test_every_module_with_a_handler_is_a_topic():
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        importlib.import_module(module.name)
    registry = build_registry()
    tables = (registry.actions, registry.views, registry.shortcuts, registry.menus, registry.events)
    found = [handler for table in tables for handler in table.values()]
    found += [verb.handler for verb in registry.verbs.values()]
    assert {handler.__module__ for handler in found} == {f"handlers.{topic}" for topic in TOPICS}


def test_verbs_are_in_the_order_of_the_topics():
    modules = [verb.handler.__module__ for verb in build_registry().verbs.values()]
    topics = [f"handlers.{topic}" for topic in TOPICS]
    assert modules == sorted(modules, key=topics.index)
