"""Holding what a pipeline deploys against what was approved: versions, digest and commit. Pure rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.packages.versions import parse_version
from models.text import either, listed


class Bound(StrEnum):
    """What an answer is bound to. A commit of the build counts as its version."""

    VERSION = "version"
    DIGEST = "digest"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ApprovedContent:
    """``versions`` are those of the package by configuration item, empty where the package names none.

    ``revision`` and ``artefact`` are the build's.
    """

    versions: Mapping[str, str]
    revision: str = ""
    artefact: str = ""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a pipeline says that it deploys."""

    item: str = ""
    version: str = ""
    digest: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """``difference`` says how it isn't what was approved; ``missing`` what the pipeline has to say to be held."""

    bound_to: Bound
    difference: str = ""
    missing: str = ""


_DIGEST = re.compile(r"(?<![0-9a-zA-Z])([0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})(?![0-9a-zA-Z])")
"""The digits of a SHA-256, SHA-384 or SHA-512."""

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


def bind(identifier: str, approved: ApprovedContent, deployed: Deployed) -> Binding:
    """The strictest that both sides name; whatever both name has to be the same."""
    held = [_by_digest(identifier, approved, deployed), _by_commit(identifier, approved, deployed)]
    held.append(_by_version(identifier, approved, deployed))
    found = [one for one in held if one is not None]
    different = next((one for one in found if one.difference), None)
    if different is not None:
        return different
    if found:
        return found[0]
    comparable = _comparable(approved)
    if comparable:
        return Binding(Bound.NOTHING, missing=f"{identifier} was approved with {comparable}. Say what is deployed.")
    return Binding(Bound.NOTHING)


def same_version(one: str, other: str) -> bool:
    """Case and a leading ``v`` don't matter, and ``16`` is ``16.0``; the build after ``+`` counts."""
    (first, _, first_build), (second, _, second_build) = (text.strip().partition("+") for text in (one, other))
    if first_build.casefold() != second_build.casefold():
        return False
    if _bare(first) == _bare(second):
        return True
    left, right = parse_version(first), parse_version(second)
    return left is not None and left == right


def digests_in(text: str) -> tuple[str, ...]:
    """The hexadecimal digits of the checksums that ``text`` names."""
    return tuple(dict.fromkeys(match[1].casefold() for match in _DIGEST.finditer(text)))


def _bare(version: str) -> str:
    text = version.casefold()
    return text[1:] if re.match(r"v\d", text) else text


def _by_digest(identifier: str, approved: ApprovedContent, deployed: Deployed) -> Binding | None:
    known, given = digests_in(approved.artefact), digests_in(deployed.digest)
    if not known or not deployed.digest:
        return None
    if len(given) == 1 and given[0] in known:
        return Binding(Bound.DIGEST)
    named = either([*map(_short, known)], 3)
    return Binding(
        Bound.NOTHING, f"The build of {identifier} has the digest {named}, this is {_short(deployed.digest)}."
    )


def _short(digest: str) -> str:
    bare = next(iter(digests_in(digest)), digest)
    return f"{bare[:12]}\N{HORIZONTAL ELLIPSIS}" if len(bare) > 16 else bare


def _by_commit(identifier: str, approved: ApprovedContent, deployed: Deployed) -> Binding | None:
    known, given = approved.revision.strip().casefold(), deployed.commit.strip().casefold()
    if not (_COMMIT.fullmatch(known) and _COMMIT.fullmatch(given)):
        return None
    if known.startswith(given) or given.startswith(known):
        return Binding(Bound.VERSION)
    return Binding(Bound.NOTHING, f"{identifier} was built from commit {known[:12]}, this is {given[:12]}.")


def _by_version(identifier: str, approved: ApprovedContent, deployed: Deployed) -> Binding | None:
    versions = approved.versions
    if not versions:
        return None
    if deployed.item and deployed.item not in versions:
        return Binding(Bound.NOTHING, f"{deployed.item} isn't in {identifier}: it brings {_named(versions)}.")
    if not deployed.version:
        return None
    wanted = {item: one for item, one in versions.items() if one and deployed.item in ("", item)}
    if not wanted:
        return None
    if any(same_version(one, deployed.version) for one in wanted.values()):
        return Binding(Bound.VERSION)
    return Binding(Bound.NOTHING, f"{identifier} was approved with {_named(wanted)}, this is {deployed.version}.")


def _named(versions: Mapping[str, str]) -> str:
    return either([f"{item} {version}".strip() for item, version in versions.items()], 5)


def _comparable(approved: ApprovedContent) -> str:
    """What the pipeline could say so that it can be held; empty if there is nothing."""
    parts = []
    if versions := {item: one for item, one in approved.versions.items() if one}:
        parts.append(_named(versions))
    if _COMMIT.fullmatch(approved.revision.strip()):
        parts.append(f"a build of commit {approved.revision.strip()[:12]}")
    if digests := digests_in(approved.artefact):
        parts.append(f"the digest {either([*map(_short, digests)], 3)}")
    return listed(parts)
