"""Splitting lines into records, or saying why a line is broken.

A quoted field may span several lines. An unclosed quote costs only its own line: the lines after it are read again
as if it were not there.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from models.support.importing.export_file import LINE_LIMIT, WESTERN

RECORD_LINES = 200
"""Lines that one record may span."""


@dataclass(frozen=True, slots=True)
class Broken:
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of the record in lines ``line`` to ``last``."""

    line: int
    last: int
    fields: list[str]


class _Unclosed(Exception):
    """A quoted field continues on the next line."""


def read_records(lines: Iterator[tuple[int, bytes]], encoding: str, delimiter: str) -> Iterator[Record | Broken]:
    """In the order of ``lines``; skips empty ones."""
    pending: deque[tuple[int, bytes]] = deque()
    while True:
        following = pending.popleft() if pending else next(lines, None)
        if following is None:
            return
        number, line = following
        if not line.strip():
            continue
        text = decode_line(number, line, encoding)
        if isinstance(text, Broken):
            yield text
        elif '"' not in text:
            yield Record(number, number, text.split(delimiter))
        else:
            yield _quoted(number, text, pending, lines, encoding, delimiter)


def split_fields(text: str, delimiter: str) -> list[str]:
    """Raises :class:`csv.Error` unless ``text`` is one complete record."""
    return next(csv.reader([text], delimiter=delimiter, strict=True))


def _quoted(
    number: int,
    text: str,
    pending: deque[tuple[int, bytes]],
    lines: Iterator[tuple[int, bytes]],
    encoding: str,
    delimiter: str,
) -> Record | Broken:
    """The record that begins with ``text``; lines that turn out not to belong to it go back to ``pending``."""
    taken: list[tuple[int, bytes]] = []
    last = number
    try:
        while True:
            try:
                return Record(number, last, _parse(text, delimiter))
            except _Unclosed:
                text, last = _extended(text, taken, pending, lines, encoding)
    except (_Unclosed, csv.Error) as error:
        pending.extendleft(reversed(taken))
        why = "a quote is opened and never closed" if isinstance(error, _Unclosed) else f"it is no CSV: {error}"
        return Broken(number, why)


def _extended(
    text: str,
    taken: list[tuple[int, bytes]],
    pending: deque[tuple[int, bytes]],
    lines: Iterator[tuple[int, bytes]],
    encoding: str,
) -> tuple[str, int]:
    """``text`` and the lines up to the next quote. Raises :class:`_Unclosed` if there is none."""
    while len(taken) < RECORD_LINES and len(text) < LINE_LIMIT:
        following = pending.popleft() if pending else next(lines, None)
        if following is None:
            break
        taken.append(following)
        number, line = following
        more = decode_line(number, line, encoding)
        if isinstance(more, Broken):
            break
        text = f"{text}\n{more}"
        if '"' in more:
            return text, number
    raise _Unclosed


def _parse(text: str, delimiter: str) -> list[str]:
    try:
        return split_fields(text, delimiter)
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _Unclosed from None
        raise


def decode_line(number: int, line: bytes, encoding: str) -> str | Broken:
    """The text of one line without its line break."""
    if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
        return Broken(number, f"it is longer than {LINE_LIMIT:,} bytes")
    if b"\0" in line:
        return Broken(number, "it holds a NUL byte")
    try:
        return line.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError:
        if encoding == WESTERN:
            return line.decode("latin-1").rstrip("\r\n")
        return Broken(number, f"it is not in {encoding.upper()}, as most other lines are")
