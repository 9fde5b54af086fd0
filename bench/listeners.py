"""What Release Desk listens to, for the bare app to listen to the same."""

from handlers.registration import build_registry
from messages.releases.action_ids import APPROVE

MEASURED = f"action {APPROVE}"


def names() -> list[str]:
    """``kind name`` of each handler in the order of registration, with the measured one in the middle.

    Bolt tries its listeners in turn, so late listeners cost more than early ones, and the middle one the average.
    """
    registry = build_registry()
    found = [f"command {command}" for command in registry.commands()]
    found += [f"action {name}" for name in registry.actions]
    found += [f"view {name}" for name in registry.views]
    found += [f"shortcut {name}" for name in registry.shortcuts]
    found += [f"options {name}" for name in registry.menus]
    found += [f"event {name}" for name in registry.events]
    found.remove(MEASURED)
    found.insert(len(found) // 2, MEASURED)
    return found
