"""The text of a catalog as plain data, with the line of every field.

YAML is read by the safe rules, and more strictly than YAML asks: a key stands once, keys are words, and what
anchors expand to is limited, for a few lines of them can stand for more than any memory holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from models.catalog.mistakes import CatalogMistakes, Mistake, Path, Problem, dotted

LARGEST = 1024 * 1024
"""Bytes a catalog may have; some hundred services fit in a tenth of it."""

MOST_VALUES = 100_000
"""Values a catalog may hold when its anchors are written out."""

DEEPEST = 40
"""How deep lists and mappings may stand inside each other."""

UNFIT = "There is a character in this text that cannot be kept. Remove it."

UNREADABLE = object()
"""Stands where a value is that could not be read, which is said already: it is there, and of no kind."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_SCALARS = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp")}
_MERGE = _TAG + "merge"
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass
class CatalogText:
    """What a catalog says: plain ``data``, the line of every path, and what is wrong with its writing."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of ``path``, or of the nearest place around it that is there."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def mistake(self, problem: Problem) -> Mistake:
        """``problem`` with its line."""
        path, sentence = problem
        return Mistake(self.line(path), dotted(path), sentence)


def read_source(content: bytes) -> CatalogText:
    """Read YAML. Raises :class:`~models.catalog.mistakes.CatalogMistakes` when it cannot be read at all."""
    if len(content) > LARGEST:
        raise _unreadable(1, f"This is larger than {LARGEST // 1024} KiB, which no catalog needs.")
    text = _decode(content)
    with _said_plainly(text):
        _check_depth(text)
        loader = _LOADER(text)
        node = loader.get_single_node()
    if node is None:
        raise _unreadable(1, "There is nothing in it. A catalog begins with: version: 1")
    return _Builder(loader).build(node)


def _unreadable(line: int, sentence: str) -> CatalogMistakes:
    return CatalogMistakes([Mistake(line, "", sentence)])


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(line, "This line is not UTF-8 text. Save the file as UTF-8.") from None


def _check_depth(text: str) -> None:
    """Refuse what is nested too deep before it is built: building goes down as deep as the text does."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise _unreadable(line, "Lists and mappings stand too deep inside each other here.")


@contextmanager
def _said_plainly(text: str) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        opened = error.context_mark.line + 1 if error.context_mark else line
        sentence = _syntax(str(error.problem), text, line)
        last = max(len(text.splitlines()), 1)
        raise _unreadable(min(opened if "opens here" in sentence else line, last), sentence) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _unreadable(line, "There is a control character in this line. Remove it.") from None


_SYNTAX = (
    ("mapping values are not allowed", "There is a colon inside a value. Put the value in quotes."),
    ("unexpected end of stream", "The quotation mark that opens here is never closed."),
    ("another document", "A second document begins here (---). One file holds one catalog."),
    ("undefined alias", "This refers to an anchor that nothing above defines."),
    ("duplicate anchor", "An anchor of this name stands above already. Give it another name."),
    ("',' or", "The bracket that opens here is not closed, or a comma behind it is missing."),
    ("could not find expected ':'", "A colon is missing here, or the line is indented too little."),
    ("cannot start any token", "No value begins with this character. Put the value in quotes."),
    ("block end", "This line is indented differently from the ones above it."),
    ("did not find expected key", "This line is indented differently from the ones above it."),
    ("node content", "A value is missing, or a bracket above is not closed."),
    ("escape code", UNFIT),
    ("'-' indicator", "This line is indented differently from the list it belongs to."),
)


def _syntax(problem: str, text: str, line: int) -> str:
    """What the parser found, as a sentence to act on."""
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "This line is indented with a tab. YAML wants spaces."
    found = (sentence for part, sentence in _SYNTAX if part in problem)
    return next(found, f"This cannot be read as YAML: {problem}.")


class _Builder:
    """Turns YAML's nodes into plain data; what is wrong is noted and left out, so that the rest is still read."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._source = CatalogText()
        self._values = 0
        self._depth = 0

    def build(self, node: yaml.Node) -> CatalogText:
        """The whole catalog."""
        self._source.data = self._value(node, ())
        return self._source

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self._source.lines.setdefault(path, _line(node))
        self._values += 1
        self._depth += 1
        if self._values > MOST_VALUES or self._depth > DEEPEST:
            raise _unreadable(_line(node), "Anchors and their aliases stand for more here than a catalog can hold.")
        try:
            return self._plain(node, path)
        finally:
            self._depth -= 1

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self._value(child, (*path, position)) for position, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node, path)
        self._note(node, path, f"A catalog knows no YAML tag such as {node.tag.removeprefix(_TAG)!r}. Remove it.")
        return UNREADABLE

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path) if key_node.tag != _MERGE else None
            if key is None:
                continue
            inner = (*path, key)
            if key in found:
                first = self._source.lines[inner]
                self._note(key_node, inner, f"This key stands in line {first} already. Remove one of the two.")
                continue
            self._source.lines.setdefault(inner, _line(key_node))
            found[key] = self._value(value_node, inner)
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                self._merge(value_node, path, found)
        return found

    def _merge(self, node: yaml.Node, path: Path, found: dict[str, Any]) -> None:
        """YAML's ``<<``: take over what another mapping holds and this one does not say itself."""
        for other in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            taken = self._value(other, path)
            if isinstance(taken, dict):
                for key, value in taken.items():
                    found.setdefault(key, value)
            else:
                self._note(node, path, "After << stands a reference to a mapping, such as *minor.")

    def _key(self, node: yaml.Node, path: Path) -> str | None:
        key = self._scalar(node, path) if isinstance(node, yaml.ScalarNode) else None
        if isinstance(key, str):
            return key
        if isinstance(node, yaml.ScalarNode):
            self._note(node, path, f"The key {node.value[:60]!r} is not read as a word. Put it in quotes.")
        else:
            self._note(node, path, "A key is a word, not a list or a mapping.")
        return None

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        try:
            value = self._loader.construct_object(node)
        except (ValueError, KeyError, AttributeError, OverflowError):  # what PyYAML raises, depending on the tag
            self._note(
                node, path, f"{node.value[:60]!r} looks like a date or a number and is none. Put it in quotes."
            )
            return UNREADABLE
        if isinstance(value, str) and not can_be_kept(value):
            self._note(node, path, UNFIT)
            return UNREADABLE
        return value

    def _note(self, node: yaml.Node, path: Path, sentence: str) -> None:
        self._source.mistakes.append(Mistake(_line(node), dotted(path), sentence))


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line + 1
    return line


def can_be_kept(text: str) -> bool:
    """Whether ``text`` has no control characters or halves of characters: databases and Slack take neither."""
    return not any(_unfit(character) for character in text)


def _unfit(character: str) -> bool:
    control = (character < " " and character not in "\n\t") or "\x7f" <= character <= "\x9f"
    return control or "\ud800" <= character <= "\udfff"
