"""The markdown block: the parts of Markdown that Slack takes."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from bot.workspace.page.rendering.emoji import with_emoji
from bot.workspace.page.rendering.html import join, link, tag
from bot.workspace.page.rendering.mrkdwn import token
from bot.workspace.page.rendering.reader import Reader

FENCE = re.compile(r"^ {0,3}(```|~~~)")
HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
RULE = re.compile(r"^ {0,3}([-*_])(?:\s*\1){2,}\s*$")
ITEM = re.compile(r"^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<address>[^()\s]+)\)"
    r"|(?P<angle><[^<>\n]+>)"
    r"|\*\*(?P<bold>[^*\n]+)\*\*|__(?P<bold2>[^_\n]+)__"
    r"|~~(?P<strike>[^~\n]+)~~"
    r"|(?<![\w*])\*(?P<italic>[^*\s][^*\n]*)\*(?!\w)|(?<!\w)_(?P<italic2>[^_\s][^_\n]*)_(?!\w)"
)
TAGS = {"bold": "b", "bold2": "b", "strike": "s", "italic": "i", "italic2": "i"}


def markdown(text: str, reader: Reader) -> Markup:
    """Headings, lists, quotes, fences, rules, tables and the styles within a line."""
    return tag("div", *_blocks(text.split("\n"), reader), class_="markdown text", dir="auto")


def _blocks(lines: list[str], reader: Reader) -> Iterator[Markup]:
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip():
            position += 1
        elif FENCE.match(line):
            end = next((at for at in range(position + 1, len(lines)) if FENCE.match(lines[at])), len(lines))
            yield tag("pre", tag("code", "\n".join(lines[position + 1 : end])))
            position = end + 1
        elif heading := HEADING.match(line):
            yield tag(f"h{min(len(heading[1]) + 2, 6)}", line_html(heading[2], reader))
            position += 1
        elif RULE.match(line):
            yield tag("hr")
            position += 1
        else:
            end = _run(lines, position)
            yield _run_html(lines[position:end], reader)
            position = end


def _kind(lines: list[str], at: int) -> str:
    line = lines[at]
    if line.lstrip().startswith(">"):
        return "quote"
    if ITEM.match(line):
        return "list"
    if "|" in line and at + 1 < len(lines) and TABLE_RULE.match(lines[at + 1]):
        return "table"
    return "text"


def _run(lines: list[str], start: int) -> int:
    """The end of the run of lines of one kind."""
    kind = _kind(lines, start)
    end = start + 1
    while end < len(lines) and lines[end].strip():
        line = lines[end]
        if FENCE.match(line) or HEADING.match(line) or (RULE.match(line) and kind != "table"):
            break
        if kind == "table" and "|" not in line:
            break
        if kind != "table" and _kind(lines, end) != kind:
            break
        end += 1
    return end


def _run_html(run: list[str], reader: Reader) -> Markup:
    match _kind(run, 0):
        case "quote":
            inner = [re.sub(r"^\s*> ?", "", line) for line in run]
            return tag("blockquote", *_blocks(inner, reader))
        case "list":
            return _list(run, reader)
        case "table":
            return _table(run, reader)
    return tag("p", Markup("<br>").join(line_html(line.strip(), reader) for line in run))


def _list(run: list[str], reader: Reader) -> Markup:
    parts = []
    for line in run:
        found = ITEM.match(line)
        if found is None:
            continue
        depth = min(len(found[1].expandtabs(4)) // 2, 8)
        ticked = {None: "", " ": "☐ "}.get(found[3], "☑ ")
        marker = found[2] + " " if found[2][0].isdigit() else "• "
        parts.append(
            tag(
                "li",
                tag("span", ticked or marker, class_="marker"),
                line_html(found[4], reader),
                class_=f"indent-{depth}",
            )
        )
    return tag("ul", *parts, class_="md-list")


def _table(run: list[str], reader: Reader) -> Markup:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for at, line in enumerate(run) if at != 1]
    head = tag("tr", *(tag("th", line_html(one, reader)) for one in rows[0]))
    body = [tag("tr", *(tag("td", line_html(one, reader)) for one in row)) for row in rows[1:]]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="table-scroll", tabindex=0)


def line_html(text: str, reader: Reader) -> Markup:
    parts: list[Markup] = []
    position = 0
    for match in INLINE.finditer(text):
        parts += [with_emoji(text[position : match.start()]), _piece(match, reader)]
        position = match.end()
    parts.append(with_emoji(text[position:]))
    return join(parts)


def _piece(match: re.Match[str], reader: Reader) -> Markup:
    if match["code"]:
        return tag("code", match["code"][1:-1])
    if match["address"]:
        return link(match["address"], match["label"] or match["address"])
    if match["angle"]:
        return token(match["angle"][1:-1], reader)
    for name, element in TAGS.items():
        if match[name]:
            return tag(element, line_html(match[name], reader))
    return escape(match[0])
