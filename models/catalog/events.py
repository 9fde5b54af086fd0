from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class CatalogApplied(Event):
    """A catalog was applied; the subject is its revision.

    ``changes`` are the differences in words, ``releases`` the open releases of the services that changed.
    """

    tag: ClassVar[str] = "catalog:applied"
    kind: ClassVar[str] = "catalog"

    changes: tuple[str, ...]
    releases: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RulesLoosened(Event):
    """A catalog asks for less than the one before; the subject is its revision.

    Each of ``services`` has its ``key``, the ``lines`` that say what was loosened, and the identifiers of the open
    ``releases`` that keep their rules. ``told`` has the keys of the services that concern each person.
    """

    tag: ClassVar[str] = "catalog:loosened"
    kind: ClassVar[str] = "catalog"

    by: str
    services: tuple[Mapping[str, Any], ...]
    told: Mapping[str, tuple[str, ...]]
