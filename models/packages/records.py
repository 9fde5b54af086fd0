from dataclasses import dataclass

from models.packages.compatibility import Incompatibility
from models.packages.difference import Difference
from models.packages.tree import Node, Placed


@dataclass(frozen=True, slots=True)
class PackageSummary:
    """What a card says about a package; ``since`` is the difference from the last release."""

    since: Difference | None = None
    incompatible: tuple[Incompatibility, ...] = ()


NO_SUMMARY = PackageSummary()
"""Of a release without a package."""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A release and its nodes from top to bottom; ``editable`` if its state allows changes."""

    release_id: int
    identifier: str
    title: str
    round: int
    editable: bool
    placed: tuple[Placed, ...]
    summary: PackageSummary

    @property
    def nodes(self) -> list[Node]:
        return [placed.node for placed in self.placed]
