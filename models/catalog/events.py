from dataclasses import dataclass
from typing import ClassVar

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
