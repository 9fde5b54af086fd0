"""What is shown of packages: plain read-only records."""

from dataclasses import dataclass

from models.packages.compatibility import Incompatibility
from models.packages.difference import Difference
from models.packages.tree import Node, Placed


@dataclass(frozen=True, slots=True)
class PackageSummary:
    """What the card says of a package: what is different since the last release, and what does not fit together."""

    since: Difference | None = None
    incompatible: tuple[Incompatibility, ...] = ()


NO_SUMMARY = PackageSummary()
"""Of a release of which nobody has said what it contains."""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """What a release contains, from top to bottom; ``editable`` tells that its state still allows to change it."""

    release_id: int
    identifier: str
    title: str
    round: int
    editable: bool
    placed: tuple[Placed, ...]
    summary: PackageSummary

    @property
    def nodes(self) -> list[Node]:
        """The nodes alone."""
        return [one.node for one in self.placed]
