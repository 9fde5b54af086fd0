from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.errors import DomainError

Path = tuple[str | int, ...]
"""Where in a catalog: keys of mappings and positions in lists."""

Problem = tuple[Path, str]
"""A place and a sentence that says how to put it right."""


@dataclass(frozen=True, order=True, slots=True)
class Mistake:
    """``line`` counts from 1; ``field`` is empty when the text as a whole cannot be read."""

    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}: {self.field}: {self.sentence}" if self.field else f"{self.line}: {self.sentence}"


class CatalogMistakes(DomainError):
    """The catalog can't be used; ``mistakes`` has all of them, by line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: Sequence[Mistake] = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def dotted(path: Path) -> str:
    """``services[0].policy.types.minor.notice``."""
    parts = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return parts.removeprefix(".")
