"""Text in Slack's mrkdwn, rendered by Jinja. What people typed shows as typed and never acts.

Sentences are the blocks of ``messages/templates/<topic>.j2``. Every value that one prints is escaped on the way out
by :func:`typed`, unless it was made here (:class:`Markup`: a mention, a moment, a link).
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

_ACTIVE = re.compile(r"[*_~`]|:(?=[a-z0-9_+'-]+:)|^(?=&gt;)", re.MULTILINE)

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_BREAK = "\u2060"
"""Word joiner: invisible, and keeps mrkdwn from seeing a pair of marks."""


class Markup(str):
    """Text that is mrkdwn already."""

    __slots__ = ()


def plain(text: str) -> str:
    """``text`` for places that show it literally.

    Its direction marks turn nothing around it, and control characters and halves of characters are dropped.
    """
    clean = _CONTROL.sub("", text)
    return f"\u2068{clean}\u2069" if _DIRECTION.search(clean) else clean


def typed(text: object) -> Markup:
    """What a person typed, as mrkdwn in which nothing becomes a mention, link, emphasis or emoji."""
    if isinstance(text, Markup):
        return text
    escaped = plain(str(text)).translate(_ENTITIES)
    return Markup(_ACTIVE.sub(lambda mark: f"{mark[0]}{_BREAK}" if mark[0] else _BREAK, escaped))


def mention(subject: str) -> Markup:
    """A mention, which notifies the person or user group."""
    return Markup(f"<!subteam^{subject}>" if subject.startswith("S") else f"<@{subject}>")


def told(subject: str) -> Markup:
    """The person a message is for, as its first word; empty for nobody in particular."""
    return Markup(f"{mention(subject)} ") if subject else Markup("")


def moment(at: datetime, form: str = "{date_short_pretty} at {time}") -> Markup:
    """A moment in the reader's own time zone; ``form`` is made of Slack's date tokens."""
    return Markup(f"<!date^{int(at.timestamp())}^{form}|{at:%Y-%m-%d %H:%M} UTC>")


def weekday(at: datetime) -> Markup:
    """A moment with its weekday, in the reader's own time zone."""
    return moment(at, "{date_long_pretty} at {time}")


def is_short(start: datetime, end: datetime) -> bool:
    """Whether the time alone says when it ends: less than 12 hours later.

    Whether two moments share a day depends on the reader's time zone, which isn't known here.
    """
    return end - start < timedelta(hours=12)


def between(start: datetime, end: datetime) -> Markup:
    """``Thursday at 09:00 until 13:00``; the end names its day where the time alone would be unclear."""
    ends = moment(end, "{time}") if is_short(start, end) else weekday(end)
    return Markup(f"{weekday(start)} until {ends}")


def day(at: datetime) -> Markup:
    """The day of a moment with its weekday, in the reader's own time zone."""
    return moment(at, "{date_long_pretty}")


def last_day(ends: datetime) -> Markup:
    """The last day of a time that ends just before ``ends``, in the reader's own time zone."""
    return day(ends - timedelta(seconds=1))


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, with an ellipsis for the rest."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"


def ago(then: datetime, now: datetime) -> str:
    """``2 h ago``, ``in 3 days``."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < 60:
        return "just now"
    return f"{span(abs(seconds))} ago" if seconds > 0 else f"in {span(-seconds)}"


def span(seconds: float) -> str:
    """``40 min``, ``2 h``, ``3 days``."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def counted(number: int, word: str, plural: str = "") -> str:
    """``1 release``, ``2 releases``."""
    return f"{number} {word if number == 1 else plural or word + 's'}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        finalize=typed,
        autoescape=False,  # noqa: S701 - the output is mrkdwn, not HTML; finalize escapes it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        mention=mention,
        told=told,
        moment=moment,
        weekday=weekday,
        between=between,
        day=day,
        last_day=last_day,
        counted=counted,
        ago=ago,
        say=say,
    )
    return environment


@cache
def _block(sentence: str) -> tuple[Template, Callable[[Context], Iterator[str]]]:
    topic, name = sentence.split(".")
    template = _environment().get_template(f"{topic}.j2")
    return template, template.blocks[name]


def say(sentence: str, /, **values: Any) -> Markup:
    """``sentence`` (``"topic.block"``) with ``values``; white space is folded per line.

    Templates say sentences of each other with it, too.
    """
    template, block = _block(sentence)
    lines = "".join(block(template.new_context(values))).strip().splitlines()
    return Markup("\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in lines))
