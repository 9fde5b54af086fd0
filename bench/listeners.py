"""What Release Desk listens to, so that the bare app listens to as much."""

from handlers.registration import build_registry


def names() -> list[str]:
    """``kind name`` for each handler, in the order they are registered; a verb counts as a command's listener."""
    registry = build_registry()
    found = [f"command {command}" for command in registry.commands()]
    found += [f"action {name}" for name in registry.actions]
    found += [f"view {name}" for name in registry.views]
    found += [f"shortcut {name}" for name in registry.shortcuts]
    found += [f"options {name}" for name in registry.options]
    return found + [f"event {name}" for name in registry.events]
