"""Everything that can be wrong with what a person asked for, as a sentence that person can act on.

The text of an error is what is shown: it says what happened, to what, and what to do now.
"""

from collections.abc import Mapping, Sequence

from models.text import either


class DomainError(Exception):
    """Something a person asked for cannot be done; ``str(error)`` is the sentence to show them."""


class Refused(DomainError):
    """The person may not do this, or not now."""


class NotFound(DomainError):
    """There is nothing by that name; ``nearest`` holds what the person may have meant."""

    def __init__(self, sentence: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)

    @property
    def asking(self) -> str:
        """The sentence, and what the person may have meant."""
        return f"{self} Did you mean {either(self.nearest)}?" if self.nearest else str(self)


class Stale(DomainError):
    """The thing has changed since the person looked at it."""


class Invalid(DomainError):
    """What was entered is wrong: one sentence for each field, all of them at once."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)
