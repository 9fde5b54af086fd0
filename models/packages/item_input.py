"""Parsing the configuration items of a request, a key and a version each: ``pay-db 16.1, pay-api 9.2``."""

import re
from collections.abc import Mapping, Sequence

from models.catalog.document import ConfigurationItem
from models.limits import ITEMS_LIMIT, VERSION_LIMIT
from models.packages.tree import Node, NodeType

_BETWEEN = re.compile(r"[,;\n]+")

_UNKNOWN = "is not a configuration item of the catalog."

ITEMS_NAMED = 6
"""Items of the service that a hint names."""

PROBLEMS_NAMED = 3
"""Problems that an answer lists."""


def read_items(text: str, known: Mapping[str, ConfigurationItem]) -> list[Node]:
    """The valid items, each once; ignores the rest."""
    return list(_read(text, known)[0].values())


def items_problem(text: str, known: Mapping[str, ConfigurationItem], own: Sequence[ConfigurationItem]) -> str:
    """Sentences for the person who typed ``text``, or nothing; ``own`` are the items of the service."""
    items, problems = _read(text, known)
    if own and any(sentence.endswith(_UNKNOWN) for sentence in problems):
        problems.append(f"Those of the service are {', '.join(item.key for item in own[:ITEMS_NAMED])}.")
    if len(items) > ITEMS_LIMIT:
        problems.append(f"These are {len(items)} items; {ITEMS_LIMIT} is the most for one release.")
    if len(problems) > PROBLEMS_NAMED:
        problems[PROBLEMS_NAMED - 1 :] = [f"And {len(problems) - PROBLEMS_NAMED + 1} more."]
    return " ".join(problems)


def _read(text: str, known: Mapping[str, ConfigurationItem]) -> tuple[dict[str, Node], list[str]]:
    keys = {key.casefold(): key for key in known}
    items: dict[str, Node] = {}
    problems: list[str] = []
    for entry in filter(None, map(str.strip, _BETWEEN.split(text))):
        typed, version = ([*entry.split(maxsplit=1), ""])[:2]
        key = keys.get(typed.casefold())
        problem = _entry_problem(key, typed, version, items)
        if problem or key is None:
            problems.append(problem)
        else:
            items[key] = _node(known[key], version)
    return items, problems


def _entry_problem(key: str | None, typed: str, version: str, items: Mapping[str, Node]) -> str:
    if key is None:
        return f"{typed[:40]!r} {_UNKNOWN}"
    if not version:
        return f"Say which version of {key} the release brings, as in {key} 1.2.0."
    if len(version) > VERSION_LIMIT:
        return f"The version of {key} is {len(version)} characters long; {VERSION_LIMIT} is the most."
    return f"{key} is there twice." if key in items else ""


def _node(item: ConfigurationItem, version: str) -> Node:
    return Node(
        item.key, NodeType.ITEM, item.key, name=item.name, kind=item.kind, version=" ".join(version.split())
    )
