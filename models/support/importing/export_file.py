"""An exported file, plain or gzipped, in UTF-8 or Windows-1252; read line by line, never as a whole."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import Invalid

LINE_LIMIT = 65_536
"""The longest line, in bytes."""

BUFFER = 1 << 18
"""Bytes read at a time."""

UTF8 = "utf-8"
WESTERN = "cp1252"
"""Windows in western Europe; a superset of the printable part of Latin-1."""

_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"\xff\xfe": "is in UTF-16; save it as CSV in UTF-8",
    b"\xfe\xff": "is in UTF-16; save it as CSV in UTF-8",
    b"PK": "is a ZIP archive or an Excel workbook; save it as CSV",
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass over a file tells; ``fingerprint`` is the SHA-256 of its lines."""

    fingerprint: str
    encoding: str


class ExportFile:
    """Every method raises :class:`~models.errors.Invalid` if the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw: io.FileIO | None = None
        try:
            self.size = path.stat().st_size
            with path.open("rb") as file:
                start = file.read(2)
        except OSError as error:
            raise self.unusable(f"cannot be read: {(error.strerror or str(error)).lower()}") from None
        if start in _FOREIGN:
            raise self.unusable(_FOREIGN[start])
        self._gzipped = start == _GZIP

    def survey(self) -> Survey:
        """Read the file once to find its encoding.

        It is Windows-1252 if most lines with other characters than ASCII are not UTF-8; otherwise those lines are
        broken.
        """
        digest = hashlib.sha256()
        good = bad = 0
        for _, line in self.lines():
            digest.update(line)
            if not line.isascii():
                if _is_utf8(line):
                    good += 1
                else:
                    bad += 1
        return Survey(digest.hexdigest(), WESTERN if bad > good else UTF8)

    def lines(self) -> Generator[tuple[int, bytes]]:
        """The lines, numbered from 1; a line is cut at :data:`LINE_LIMIT`."""
        try:
            with ExitStack() as opened:
                yield from _numbered(self._stream(opened))
        except (OSError, EOFError, zlib.error) as error:
            raise self.unusable(f"is damaged and cannot be read to its end: {error}") from None

    @property
    def position(self) -> int:
        """Bytes read of ``size``; of a gzipped file they are compressed bytes."""
        if self._raw is None:
            return 0
        return self.size if self._raw.closed else self._raw.tell()

    def unusable(self, why: str) -> Invalid:
        return Invalid({"file": f"{self.path.name} {why}."})

    def _stream(self, opened: ExitStack) -> BinaryIO:
        self._raw = opened.enter_context(self.path.open("rb", buffering=0))
        stream: BinaryIO = opened.enter_context(io.BufferedReader(self._raw, BUFFER))
        if self._gzipped:
            unzipped = opened.enter_context(gzip.GzipFile(fileobj=stream))
            stream = opened.enter_context(io.BufferedReader(unzipped, BUFFER))
        return stream


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(iter(lambda: stream.readline(LINE_LIMIT), b""), 1):
        if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
            _skip_rest(stream)
        yield number, line.removeprefix(_BOM) if number == 1 else line


def _skip_rest(stream: BinaryIO) -> None:
    while True:
        rest = stream.readline(LINE_LIMIT)
        if not rest or rest.endswith(b"\n"):
            return


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True
