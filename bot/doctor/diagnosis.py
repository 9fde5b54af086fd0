"""One line of the doctor's report."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is; the values are printed, so that the report reads without colour."""

    OK = "ok  "
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``advice`` says what to do; empty when there is nothing to do."""

    level: Level
    what: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.level.value}  {self.what}"
        return f"{line}\n      -> {self.advice}" if self.advice else line


def ok(what: str) -> Diagnosis:
    """Nothing to do."""
    return Diagnosis(Level.OK, what)


def warn(what: str, advice: str) -> Diagnosis:
    """It works, but somebody should look at it."""
    return Diagnosis(Level.WARN, what, advice)


def fail(what: str, advice: str) -> Diagnosis:
    """It does not work until somebody acts."""
    return Diagnosis(Level.FAIL, what, advice)
