"""Everything people can do, by the name Slack calls it. Help, the manifest's test and dispatch read it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.dispatch.answers import Answer
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming

Handler = Callable[[Desk, Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a command: ``usage`` is what follows the verb, ``help`` one line on what it does."""

    command: str
    name: str
    usage: str
    help: str
    handler: Handler


@dataclass
class Registry:
    """The handlers, by kind and name. Naming something twice is a mistake and raises ValueError."""

    verbs: dict[tuple[str, str], Verb] = field(default_factory=dict)
    actions: dict[str, Handler] = field(default_factory=dict)
    views: dict[str, Handler] = field(default_factory=dict)
    shortcuts: dict[str, Handler] = field(default_factory=dict)
    options: dict[str, Handler] = field(default_factory=dict)
    events: dict[str, Handler] = field(default_factory=dict)
    quick: set[Handler] = field(default_factory=set)
    """Handlers that touch single records only, and often: where the database answers at once they are not
    waited for in a task of their own."""

    def verb(self, command: str, name: str, usage: str = "", *, help: str) -> Callable[[Handler], Handler]:  # noqa: A002
        """Register what ``/command name`` does."""

        def register(handler: Handler) -> Handler:
            return _add(self.verbs, (command, name), Verb(command, name, usage, help, handler), handler)

        return register

    def action(self, action_id: str, *, quick: bool = False) -> Callable[[Handler], Handler]:
        """Register what a button or menu does; ``quick`` as in :attr:`quick`."""

        def register(handler: Handler) -> Handler:
            if quick:
                self.quick.add(handler)
            return _add(self.actions, action_id, handler, handler)

        return register

    def view(self, callback_id: str) -> Callable[[Handler], Handler]:
        """Register what submitting a modal does."""
        return lambda handler: _add(self.views, callback_id, handler, handler)

    def shortcut(self, callback_id: str) -> Callable[[Handler], Handler]:
        """Register what a shortcut does."""
        return lambda handler: _add(self.shortcuts, callback_id, handler, handler)

    def option(self, action_id: str) -> Callable[[Handler], Handler]:
        """Register what fills a menu while one types."""
        return lambda handler: _add(self.options, action_id, handler, handler)

    def event(self, name: str) -> Callable[[Handler], Handler]:
        """Register what an event of Slack's does."""
        return lambda handler: _add(self.events, name, handler, handler)

    def commands(self) -> dict[str, list[Verb]]:
        """The verbs of each command, in the order they were registered."""
        found: dict[str, list[Verb]] = {}
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
