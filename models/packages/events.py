from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class PackageEvent(ReleaseEvent):
    """``title`` is the node in words."""

    title: str


@dataclass(frozen=True, kw_only=True)
class PackageNodeAdded(PackageEvent):
    """``parent`` is in words; empty for the release itself."""

    tag: ClassVar[str] = "release:package:added"

    parent: str


@dataclass(frozen=True, kw_only=True)
class PackageNodeChanged(PackageEvent):
    """``before`` is the former node in words, ``fields`` the names of the changed fields."""

    tag: ClassVar[str] = "release:package:changed"

    before: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageNodeRemoved(PackageEvent):
    """``inside`` are the nodes removed with it, in words."""

    tag: ClassVar[str] = "release:package:removed"

    inside: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageCopied(PackageEvent):
    """``copied`` is the number of nodes that came from the package of the release ``title``."""

    tag: ClassVar[str] = "release:package:copied"

    copied: int
