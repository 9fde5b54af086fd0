"""What a handler can answer: it returns one of these, and :mod:`handlers.dispatch.dispatcher` carries it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.dispatch.incoming import Incoming
from messages.kit.blocks import Message

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Acknowledge; what changed shows by itself. A submitted modal closes."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something to the person alone; ``fallback`` says it where Slack refuses native charts."""

    message: Message
    fallback: Message | None = None


@dataclass(frozen=True, slots=True)
class Replace:
    """Say something in place of the answer that was acted on.

    ``url`` is the response URL of an earlier click on that answer, for what comes from a modal that it opened;
    empty means this very click's. ``fallback`` says it where Slack refuses native charts.
    """

    message: Message
    url: str = ""
    fallback: Message | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a modal; from within a modal it is put on top."""

    view: View


@dataclass(frozen=True, slots=True)
class Change:
    """Show another view in place of the one it came from."""

    view: View


@dataclass(frozen=True, slots=True)
class Back:
    """Close the submitted modal and show ``view`` in the one below it; where there is none, in its own place."""

    view: View


@dataclass(frozen=True, slots=True)
class Wrong:
    """Keep the submitted modal open and say under each field what is wrong."""

    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Options for a menu that is filled while somebody types."""

    options: list[dict[str, Any]]


Answer = Nothing | Tell | Replace | Open | Change | Back | Wrong | Choices
"""Anything a handler may return."""


def form(incoming: Incoming, view: View) -> Answer:
    """Show a form; one that is opened from a modal takes its place, so that modals do not pile up."""
    return Change(view) if incoming.surface == "modal" else Open(view)


def with_charts(draw: Callable[..., Message], *, native: bool) -> tuple[Message, Message | None]:
    """A message with native charts and the one to fall back to; only that one where the workspace has no charts."""
    in_text = draw(native=False)
    return (draw(native=True), in_text) if native else (in_text, None)
