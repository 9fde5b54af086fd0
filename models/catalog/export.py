"""The catalog as YAML that changes nothing when it is applied again.

Fields come in the document's order, services and roles in the order people wrote. Fields with their default are
left out, and times of day are quoted.
"""

import re
from typing import Any

import yaml

from models.catalog.document import Catalog

_WIDTH = 116
_LIST = 80
_TIME_OF_DAY = re.compile(r"\d\d:\d\d", re.ASCII)

_HEADER = """\
# The catalog of Release Desk as it applies, revision {revision}. Change it and put it into force with
# releasedesk catalog apply FILE; fields that are left out have their defaults.

"""


def export_catalog(catalog: Catalog) -> str:
    """A text that :func:`models.catalog.reader.read_catalog` reads as the same catalog."""
    fields = catalog.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True)
    document = {"version": catalog.version, **_lists(fields)}
    body = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH
    )
    return _HEADER.format(revision=catalog.revision) + body


def _lists(value: Any) -> Any:
    """YAML knows no tuples."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, (tuple, list)) else value


class _Dumper(yaml.SafeDumper):
    """Writes as people do: short lists and tables on one line, lists indented below their key, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = all(isinstance(item, yaml.ScalarNode) for item in node.value) and _width(node) <= _LIST
        return node

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _fits_a_line([value for _, value in node.value]) and _width(node) <= _WIDTH
        return node


def _fits_a_line(values: list[yaml.Node]) -> bool:
    """Whether fields with these values go into braces: a row of a table does, a mapping of lists only doesn't."""
    if any(isinstance(value, yaml.CollectionNode) and not value.flow_style for value in values):
        return False
    rows = not values or any(isinstance(value, yaml.ScalarNode) for value in values)
    return rows and not any(_is_nested(value) for value in values)


def _is_nested(node: yaml.Node) -> bool:
    inner = node.value if isinstance(node, yaml.MappingNode) else ()
    return any(not isinstance(value, yaml.ScalarNode) for _, value in inner)


def _width(node: yaml.Node) -> int:
    """About how many characters ``node`` takes on a line."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value) + 2
    pairs = node.value if isinstance(node, yaml.MappingNode) else [(one,) for one in node.value]
    return sum(_width(one) for pair in pairs for one in pair)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quoted where YAML would read it as something else; times of day always."""
    is_text = dumper.resolve(yaml.ScalarNode, text, (True, False)) == _STR  # type: ignore[no-untyped-call]
    plain = is_text and dumper.analyze_scalar(text).allow_flow_plain and not _TIME_OF_DAY.fullmatch(text)
    return dumper.represent_scalar(_STR, text, style=None if plain else '"')


_STR = "tag:yaml.org,2002:str"

_Dumper.add_representer(str, _text)
