"""What Release Desk listens to, so that the bare app listens to as much."""

from handlers.registration import build_registry
from messages.releases.action_ids import APPROVE

MEASURED = f"action {APPROVE}"


def names() -> list[str]:
    """``kind name`` for each handler, as they are registered, with the measured one in the middle.

    Bolt tries its listeners in turn, so a click costs the more the later its listener stands; the middle is what a
    click costs on average.
    """
    registry = build_registry()
    found = [f"command {command}" for command in registry.commands()]
    found += [f"action {name}" for name in registry.actions]
    found += [f"view {name}" for name in registry.views]
    found += [f"shortcut {name}" for name in registry.shortcuts]
    found += [f"options {name}" for name in registry.options]
    found += [f"event {name}" for name in registry.events]
    found.remove(MEASURED)
    found.insert(len(found) // 2, MEASURED)
    return found
