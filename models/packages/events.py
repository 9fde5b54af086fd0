"""What can happen to a package."""

from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class PackageEvent(ReleaseEvent):
    """Something that happened to what a release contains; ``title`` is the node in words."""

    title: str


@dataclass(frozen=True, kw_only=True)
class PackageNodeAdded(PackageEvent):
    """``parent`` is what it became part of, in words; empty for the release itself."""

    tag: ClassVar[str] = "release:package:added"

    parent: str


@dataclass(frozen=True, kw_only=True)
class PackageNodeChanged(PackageEvent):
    """``before`` is the node as it was, in words, and ``fields`` what of it changed."""

    tag: ClassVar[str] = "release:package:changed"

    before: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageNodeRemoved(PackageEvent):
    """``inside`` are the nodes that went with it, in words."""

    tag: ClassVar[str] = "release:package:removed"

    inside: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageCopied(PackageEvent):
    """``copied`` nodes came from the package of the release ``title``."""

    tag: ClassVar[str] = "release:package:copied"

    copied: int
