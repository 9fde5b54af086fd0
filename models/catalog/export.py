"""Writing a catalog back as YAML: what applies now, so that applying it again changes nothing.

Fields stand in the order of the document, services and roles in the order people wrote; what is left out holds by
default. Times of day stand in quotes, as the format wants them.
"""

import re
from typing import Any

import yaml

from models.catalog.document import Catalog

_WIDTH = 116
_TIME_OF_DAY = re.compile(r"\d\d:\d\d", re.ASCII)

_HEADER = """\
# The catalog of Release Desk as it applies, revision {revision}. Change it and put it into force with
# releasedesk catalog apply FILE; fields that are left out have their defaults.

"""


def export_catalog(catalog: Catalog) -> str:
    """``catalog`` as a text that :func:`models.catalog.reader.read_catalog` reads as the same catalog."""
    said = catalog.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True)
    document = {"version": catalog.version, **_lists(said)}
    body = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH
    )
    return _HEADER.format(revision=catalog.revision) + body


def _lists(value: Any) -> Any:
    """``value`` with lists where the document has tuples: YAML knows no tuples."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, (tuple, list)) else value


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key and repeats what stands twice: an anchor would be named by nobody."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _TIME_OF_DAY.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
