"""Slack's own markup, mrkdwn, as HTML.

The sender has escaped `&`, `<` and `>`; between bare angle brackets is a token (a link, a mention, a date). Rules:
docs.slack.dev, "Formatting message text".
"""

import re

from markupsafe import Markup, escape

from bot.workspace.page.rendering.dates import date_html
from bot.workspace.page.rendering.emoji import SHORTCODE, with_emoji
from bot.workspace.page.rendering.html import join, link, safe_address, tag
from bot.workspace.page.rendering.reader import Reader

SHORTCODE_TEXT = r":[a-z0-9_+'-]{1,60}:(?::skin-tone-[2-6]:)?"
CODE = r"`[^`\n]+`"
ANGLE = r"<[^<>\n]+>"
ADDRESS = r"https?://[^\s<>|*~`]+"
FENCE = re.compile(r"```\n?(.*?)```\n?", re.DOTALL)
QUOTED = re.compile(r"(?:&gt;|>) ?")
QUOTED_TO_THE_END = re.compile(r"(?:&gt;|>){3} ?")
TRAILING = ".,;:!?)'\""
STYLES = {"*": "b", "_": "i", "~": "s"}


def _styled(sign: str) -> str:
    """A run between two signs: the first neither after a word nor before a space, the second the other way round.

    Each piece inside is an atomic group, so that hostile text cannot make the search backtrack.
    """
    mark = re.escape(sign)
    piece = rf"(?>{CODE}|{ANGLE}|{SHORTCODE_TEXT}|{ADDRESS}|[^{mark}\n])"
    return rf"(?<![\w{mark}]){mark}(?=[^\s{mark}]){piece}+?(?<=\S){mark}(?![\w{mark}])"


SCAN = re.compile(
    rf"(?P<code>{CODE})|(?P<angle>{ANGLE})|(?P<emoji>{SHORTCODE_TEXT})|(?P<address>{ADDRESS})"
    rf"|(?P<style>{_styled('*')}|{_styled('_')}|{_styled('~')})"
)


def plain(text: str) -> str:
    """Undo the three escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """`verbatim` leaves bare web addresses as text."""
    parts: list[Markup] = []
    for number, piece in enumerate(FENCE.split(text)):
        if number % 2:
            parts.append(tag("pre", tag("code", _unmarked(piece.removesuffix("\n"), reader)), dir="auto"))
        elif piece:
            parts.append(_paragraphs(piece.removesuffix("\n"), reader, verbatim))
    return join(parts)


def _paragraphs(text: str, reader: Reader, verbatim: bool) -> Markup:
    """Lines, and runs of quoted lines."""
    parts: list[Markup] = []
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        if whole := QUOTED_TO_THE_END.match(lines[position]):
            rest = [lines[position][whole.end() :], *lines[position + 1 :]]
            parts.append(_quote(rest, reader, verbatim))
            break
        end = position
        quoted = bool(QUOTED.match(lines[position]))
        while end < len(lines) and bool(QUOTED.match(lines[end])) is quoted:
            end += 1
        run = lines[position:end]
        if quoted:
            parts.append(_quote([QUOTED.sub("", line, count=1) for line in run], reader, verbatim))
        else:
            parts.append(_lines(run, reader, verbatim))
        position = end
    return join(parts)


def _quote(lines: list[str], reader: Reader, verbatim: bool) -> Markup:
    return tag("blockquote", _lines(lines, reader, verbatim), dir="auto")


def _lines(lines: list[str], reader: Reader, verbatim: bool) -> Markup:
    return Markup("<br>").join(inline(line, reader, verbatim=verbatim) for line in lines)


def inline(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """The styles, tokens and emoji of one line."""
    parts: list[Markup] = []
    position = 0
    for match in SCAN.finditer(text):
        parts.append(escape(plain(text[position : match.start()])))
        parts.append(_piece(match, reader, verbatim))
        position = match.end()
    parts.append(escape(plain(text[position:])))
    return join(parts)


def _piece(match: re.Match[str], reader: Reader, verbatim: bool) -> Markup:
    found = match[0]
    match match.lastgroup:
        case "code":
            return tag("code", _unmarked(found[1:-1], reader))
        case "angle":
            return token(found[1:-1], reader)
        case "emoji":
            return with_emoji(found)
        case "address":
            return escape(plain(found)) if verbatim else _bare_address(plain(found))
        case _:
            return tag(STYLES[found[0]], inline(found[1:-1], reader, verbatim=verbatim))


def _bare_address(found: str) -> Markup:
    address = found.rstrip(TRAILING)
    return link(address, address) + escape(found[len(address) :])


def token(content: str, reader: Reader) -> Markup:
    """`content` is what is between angle brackets; what is no token is shown as typed."""
    target, _, label = content.partition("|")
    match target[:1]:
        case "@":
            return mention(target[1:], reader, plain(label))
        case "#":
            return channel(target[1:], reader, plain(label))
        case "!":
            return _special(target[1:], plain(label), reader)
    address = plain(target)
    if safe_address(address) is None:
        return escape(plain(f"<{content}>"))
    return link(address, with_emoji(plain(label)) if label else address.removeprefix("mailto:"))


def _special(target: str, label: str, reader: Reader) -> Markup:
    kind, _, rest = target.partition("^")
    if kind == "date":
        timestamp, _, rest = rest.partition("^")
        pattern, _, address = rest.partition("^")
        return date_html(timestamp, pattern, label, reader, plain(address))
    if kind == "subteam":
        return usergroup(rest, reader, label)
    if kind in {"here", "channel", "everyone"}:
        return broadcast(kind)
    return escape(label or f"<!{target}>")


def mention(person: str, reader: Reader, label: str = "") -> Markup:
    """Highlighted for the reader."""
    name = reader.people.get(person) or label.removeprefix("@") or person
    mine = " mention-me" if person == reader.person else ""
    return tag("span", "@", tag("bdi", name), class_=f"mention{mine}", data_user=person)


def usergroup(group: str, reader: Reader, label: str = "") -> Markup:
    name = reader.groups.get(group) or label.removeprefix("@") or group
    return tag("span", "@", tag("bdi", name), class_="mention")


def channel(identifier: str, reader: Reader, label: str = "") -> Markup:
    """A link, unless this reader cannot see the channel."""
    name = reader.channels.get(identifier)
    shown = join(["#", tag("bdi", name or label or "private channel")])
    if name is None:
        return tag("span", shown, class_="mention")
    return tag("a", shown, class_="mention", href=f"{reader.base}/{identifier}")


def broadcast(audience: str) -> Markup:
    """`@here`, `@channel` or `@everyone`."""
    return tag("span", f"@{audience}", class_="mention mention-me")


def _unmarked(text: str, reader: Reader) -> Markup:
    """Code: tokens, but no styles and no emoji."""
    parts: list[Markup] = []
    position = 0
    for match in re.finditer(ANGLE, text):
        parts.append(escape(plain(text[position : match.start()])))
        parts.append(token(match[0][1:-1], reader))
        position = match.end()
    parts.append(escape(plain(text[position:])))
    return join(parts)


def text_object(value: dict[str, object] | None, reader: Reader) -> Markup:
    """A `plain_text` or `mrkdwn` object."""
    if not value:
        return Markup("")
    text = str(value.get("text", ""))
    if value.get("type") == "mrkdwn":
        return mrkdwn(text, reader, verbatim=bool(value.get("verbatim")))
    shown = escape if value.get("emoji") is False else with_emoji
    return Markup("<br>").join(shown(line) for line in text.split("\n"))


def label_of(value: dict[str, object] | None) -> str:
    """A text object as bare characters, for attributes and options."""
    if not value:
        return ""
    text = str(value.get("text", ""))
    if value.get("emoji") is False:
        return text
    return str(SHORTCODE.sub(lambda found: with_emoji(found[0]).striptags(), text))
