"""Controlled sources: where the builds of a service may come from (docs/process.md#controlled-sources).

A pattern is a host and a path, ``github.com/harbour/*``. The host is compared whole, and the path piece by piece,
so neither ``github.com.evil.com`` nor ``github.com/harbour-evil`` passes for it. Case doesn't matter.
"""

import re
from collections.abc import Sequence

_SCHEMES = ("https", "ssh", "git+https", "git+ssh")

_HOST = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?"

_PATTERN = re.compile(rf"({_HOST})((?:/[a-z0-9._~*-]+)+)", re.ASCII)

_ADDRESS = re.compile(rf"(?:git@)?({_HOST})((?:/[a-z0-9._~+-]+)*)/?", re.ASCII)

_SCP = re.compile(r"git@([^/:@]+):(?!\d+/)([^/].*)", re.ASCII)
"""``git@github.com:harbour/pay.git``, as git writes it."""

_USUAL_PORTS = {"https": ":443", "git+https": ":443", "ssh": ":22", "git+ssh": ":22"}

_SEPARATORS = re.compile(r"[\s,;]+")


def check_pattern(text: str) -> None:
    """Raises ValueError with a sentence."""
    match = _PATTERN.fullmatch(text.lower())
    if match is None or _climbs(_pieces(match[2])):
        raise ValueError(
            f"{text[:60]!r} is not a source; write a host and a path, such as github.com/harbour/* or "
            "git.harbour.example/payments/pay-api"
        )


def foreign_sources(said: str, patterns: Sequence[str]) -> list[str]:
    """The sources named in ``said`` that no pattern allows; without patterns every one is allowed.

    Several are separated by commas or white space. What can't be read as a source isn't allowed.
    """
    if not patterns:
        return []
    return [word for word in _SEPARATORS.split(said) if word and not _allowed(word, patterns)]


def _allowed(source: str, patterns: Sequence[str]) -> bool:
    read = _read(source)
    return read is not None and any(_matches(read, pattern) for pattern in patterns)


def _read(source: str) -> tuple[str, list[str]] | None:
    """Host and path of a source; None for anything that two programs could read in two ways."""
    text = source.strip().lower() if source.isascii() else ""
    scheme, sign, rest = text.partition("://")
    if not sign:
        scheme, rest = "", text
        if scp := _SCP.fullmatch(text):
            rest = f"{scp[1]}/{scp[2]}"
    elif scheme not in _SCHEMES:
        return None
    if rest.startswith("git@") and scheme in ("https", "git+https"):
        return None
    host, slash, path = rest.partition("/")
    match = _ADDRESS.fullmatch(f"{_without_dot(host)}{slash}{path}")
    if match is None:
        return None
    pieces = _pieces(match[2])
    if _climbs(pieces):
        return None
    if pieces:
        pieces[-1] = pieces[-1].removesuffix(".git") or pieces[-1]
    return match[1].removesuffix(_USUAL_PORTS.get(scheme, "")) if scheme else match[1], pieces


def _without_dot(host: str) -> str:
    """``github.com.`` is the same host as ``github.com``."""
    name, colon, port = host.partition(":")
    return f"{name.removesuffix('.')}{colon}{port}"


def _pieces(path: str) -> list[str]:
    return [piece for piece in path.split("/") if piece]


def _climbs(pieces: Sequence[str]) -> bool:
    return any(piece.strip(".") == "" for piece in pieces)


def _matches(read: tuple[str, list[str]], pattern: str) -> bool:
    """``*`` stands for anything within a piece; at the end of a pattern, for one piece or more."""
    host, *allowed = pattern.lower().removesuffix(".git").split("/")
    there, pieces = read
    if there != host or len(pieces) < len(allowed):
        return False
    if len(pieces) > len(allowed) and allowed[-1] != "*":
        return False
    return all(_fits(piece, part) for piece, part in zip(pieces, allowed, strict=False))


def _fits(piece: str, part: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, part.split("*"))), piece) is not None
