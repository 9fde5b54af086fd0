"""The configuration items of a request as one types them, key and version each: ``pay-db 16.1, pay-api 9.2``."""

import re
from collections.abc import Mapping, Sequence

from models.catalog.document import ConfigurationItem
from models.limits import ITEMS_LIMIT, VERSION_LIMIT
from models.packages.tree import Node, NodeType

_BETWEEN = re.compile(r"[,;\n]+")

_UNKNOWN = "is not a configuration item of the catalog."

ITEMS_NAMED = 6
"""How many of a service's items a sentence names."""

PROBLEMS_NAMED = 3
"""How many things that are wrong a sentence says."""


def read_items(text: str, known: Mapping[str, ConfigurationItem]) -> list[Node]:
    """The items in ``text`` that the catalog knows and that have a version, each once; the rest is left."""
    return list(_read(text, known)[0].values())


def items_problem(text: str, known: Mapping[str, ConfigurationItem], own: Sequence[ConfigurationItem]) -> str:
    """What is wrong with ``text``, for the person who typed it; ``own`` are the items of the service itself."""
    found, wrong = _read(text, known)
    if own and any(sentence.endswith(_UNKNOWN) for sentence in wrong):
        wrong.append(f"Those of the service are {', '.join(item.key for item in own[:ITEMS_NAMED])}.")
    if len(found) > ITEMS_LIMIT:
        wrong.append(f"These are {len(found)} items; {ITEMS_LIMIT} is the most for one release.")
    if len(wrong) > PROBLEMS_NAMED:
        wrong[PROBLEMS_NAMED - 1 :] = [f"And {len(wrong) - PROBLEMS_NAMED + 1} more."]
    return " ".join(wrong)


def _read(text: str, known: Mapping[str, ConfigurationItem]) -> tuple[dict[str, Node], list[str]]:
    written = {key.casefold(): key for key in known}
    found: dict[str, Node] = {}
    wrong: list[str] = []
    for entry in filter(None, map(str.strip, _BETWEEN.split(text))):
        typed, version = ([*entry.split(maxsplit=1), ""])[:2]
        key = written.get(typed.casefold())
        problem = _entry_problem(key, typed, version, found)
        if problem or key is None:
            wrong.append(problem)
        else:
            found[key] = _node(known[key], version)
    return found, wrong


def _entry_problem(key: str | None, typed: str, version: str, found: Mapping[str, Node]) -> str:
    if key is None:
        return f"{typed[:40]!r} {_UNKNOWN}"
    if not version:
        return f"Say which version of {key} the release brings, as in {key} 1.2.0."
    if len(version) > VERSION_LIMIT:
        return f"The version of {key} is {len(version)} characters long; {VERSION_LIMIT} is the most."
    return f"{key} is there twice." if key in found else ""


def _node(item: ConfigurationItem, version: str) -> Node:
    return Node(
        item.key, NodeType.ITEM, item.key, name=item.name, kind=item.kind, version=" ".join(version.split())
    )
