"""Everything people can do, by the name Slack calls it.

A handler carries its names as decorators; importing its module registers it in :data:`REGISTRY`. Dispatch, help and
the test of the manifest read from there.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.dispatch.answers import Answer
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming

Handler = Callable[[Desk, Incoming], Awaitable[Answer]]

Decorator = Callable[[Handler], Handler]


@dataclass(frozen=True, slots=True)
class CommandVerb:
    """One verb of a command: ``usage`` is what follows the verb, ``help`` one line on what it does."""

    command: str
    name: str
    usage: str
    help: str
    handler: Handler


@dataclass
class Registry:
    """The handlers, by kind and name. To register a name twice raises ValueError."""

    verbs: dict[tuple[str, str], CommandVerb] = field(default_factory=dict)
    actions: dict[str, Handler] = field(default_factory=dict)
    views: dict[str, Handler] = field(default_factory=dict)
    shortcuts: dict[str, Handler] = field(default_factory=dict)
    menus: dict[str, Handler] = field(default_factory=dict)
    events: dict[str, Handler] = field(default_factory=dict)
    quick: set[Handler] = field(default_factory=set)
    """Handlers that touch single records only, and often: where the database answers at once, dispatch awaits them
    directly instead of in a task of their own."""

    def command(self, command: str, verb: str, usage: str = "", *, help: str) -> Decorator:  # noqa: A002
        """What ``/command verb`` does."""

        def register(handler: Handler) -> Handler:
            return _add(self.verbs, (command, verb), CommandVerb(command, verb, usage, help, handler), handler)

        return register

    def action(self, *action_ids: str, quick: bool = False) -> Decorator:
        """What a button or menu does; ``quick`` as in :attr:`quick`."""

        def register(handler: Handler) -> Handler:
            if quick:
                self.quick.add(handler)
            for action_id in action_ids:
                _add(self.actions, action_id, handler, handler)
            return handler

        return register

    def view(self, callback_id: str) -> Decorator:
        """What submitting a modal does."""
        return lambda handler: _add(self.views, callback_id, handler, handler)

    def shortcut(self, callback_id: str) -> Decorator:
        """What a shortcut does."""
        return lambda handler: _add(self.shortcuts, callback_id, handler, handler)

    def options(self, action_id: str) -> Decorator:
        """What fills a menu while somebody types."""
        return lambda handler: _add(self.menus, action_id, handler, handler)

    def event(self, name: str) -> Decorator:
        """What happens on one of Slack's events."""
        return lambda handler: _add(self.events, name, handler, handler)

    def sort_verbs(self, modules: Sequence[str]) -> None:
        """Sort the verbs by their handlers' modules; within a module they stay in the order of its functions."""
        in_order = sorted(self.verbs.items(), key=lambda item: modules.index(item[1].handler.__module__))
        self.verbs = dict(in_order)

    def commands(self) -> dict[str, list[CommandVerb]]:
        """The verbs of each command, in the order that help shows."""
        found: dict[str, list[CommandVerb]] = {}
        for verb in self.verbs.values():
            found.setdefault(verb.command, []).append(verb)
        return found


K = TypeVar("K")

V = TypeVar("V")


def _add(table: dict[K, V], key: K, entry: V, handler: Handler) -> Handler:
    if key in table:
        raise ValueError(f"{key} is registered twice")
    table[key] = entry
    return handler


REGISTRY = Registry()
"""The product's handlers, once :mod:`handlers.registration` is imported."""

command = REGISTRY.command
action = REGISTRY.action
view = REGISTRY.view
shortcut = REGISTRY.shortcut
options = REGISTRY.options
event = REGISTRY.event
