"""Errors whose text people see: it says what happened, to what, and what to do now."""

from collections.abc import Mapping, Sequence

from models.text import either


class DomainError(Exception):
    """``str(error)`` is the sentence to show."""


class Refused(DomainError):
    """The person may not do this, or not now."""


class NotFound(DomainError):
    """``nearest`` holds what the person may have meant."""

    def __init__(self, sentence: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)

    @property
    def asking(self) -> str:
        """The sentence, with what the person may have meant."""
        return f"{self} Did you mean {either(self.nearest)}?" if self.nearest else str(self)


class Stale(DomainError):
    """The thing has changed since the person looked at it."""


class Invalid(DomainError):
    """A sentence for each wrong field, all of them at once."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)
