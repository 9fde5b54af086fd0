"""Old and new of a release, told in its thread to those who decided on the old."""

from datetime import datetime

from messages.kit import rich, sizes
from messages.kit.blocks import Element, Message, section
from messages.kit.text import cut, say
from models.releases.request.content_changes import SPELLED, WINDOW, WORDS, ContentChange
from models.releases.request.records import ContentNews
from models.text import listed

AROUND = 80
"""Characters that an excerpt shows before and after what has changed."""

EXCERPT = 700


def render(news: ContentNews) -> Message:
    """People who have to decide again are mentioned."""
    asked = news.mentioned[: sizes.ASKED_MENTIONS]
    text = say(
        "request.content_news",
        news=news,
        asked=asked,
        more=len(news.mentioned) - len(asked),
        editors=listed(news.editors),
        apart=listed(news.apart),
    )
    blocks = [section(text)]
    parts = [part for change in news.changes if change.field in SPELLED for part in _text(change)]
    lines = [line for change in news.changes if change.field not in SPELLED for line in _lines(change)]
    if len(lines) > sizes.CHANGED_LINES:
        more = len(lines) - sizes.CHANGED_LINES
        lines = [*lines[: sizes.CHANGED_LINES], rich.line(f"and {more} more")]
    if lines:
        parts = [rich.bullets(*lines), *parts]
    if parts:
        blocks.append(rich.rich_text(*parts))
    return Message(text=text, blocks=blocks)


def excerpts(before: str, after: str) -> tuple[str, str]:
    """The part of both texts that differs, with some words around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return _excerpt(before, start, end), _excerpt(after, start, end)


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(start - AROUND, 0), min(len(text) - end + AROUND, len(text))
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        found = text.rfind(" ", len(text) - end, last)
        last = found if found >= 0 else last
    shown = cut(text[first:last], EXCERPT)
    return f"{'… ' if first else ''}{shown}{' …' if last < len(text) else ''}"


def _text(change: ContentChange) -> list[Element]:
    before, after = excerpts(change.before, change.after)
    label = WORDS[change.field].capitalize()
    return [
        rich.line(rich.words(f"{label}, before", bold=True)),
        rich.quote(before, EXCERPT + 10),
        rich.line(rich.words(f"{label}, now", bold=True)),
        rich.quote(after, EXCERPT + 10),
    ]


def _lines(change: ContentChange) -> list[Element]:
    label = rich.words(f"{WORDS[change.field].capitalize()}: ", bold=True)
    if change.field == WINDOW:
        return [rich.line(label, *_window(change.before), " → ", *_window(change.after))]
    if change.field == "changes":
        olds, news = (set(filter(None, text.split(", "))) for text in (change.before, change.after))
        added = [f"{one} added" for one in sorted(news - olds)]
        removed = [f"{one} removed" for one in sorted(olds - news)]
        return [rich.line(label, cut(listed([*added, *removed]), 300))]
    if not change.before:
        return [rich.line(label, f"{cut(change.after, 200)} added")]
    if not change.after:
        return [rich.line(label, f"{cut(change.before, 200)} removed")]
    return [rich.line(label, f"{cut(change.before, 150)} → {cut(change.after, 150)}")]


def _window(moments: str) -> list[Element | str]:
    start, end = (datetime.fromisoformat(moment) for moment in moments.split("/"))
    day = "{date_short_pretty} {time}"
    return [rich.date(start, day), " to ", rich.date(end, "{time}" if end.date() == start.date() else day)]
