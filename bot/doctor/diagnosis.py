"""What the doctor finds: a verdict, what it is about, and what to do."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a part is; the value is how it is printed, so that it reads without colour."""

    OK = "ok  "
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``advice`` is what to do, empty when nothing is to be done."""

    verdict: Verdict
    what: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.verdict.value}  {self.what}"
        return f"{line}\n      -> {self.advice}" if self.advice else line


def ok(what: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.OK, what)


def warn(what: str, advice: str) -> Finding:
    """It works, with something to look at."""
    return Finding(Verdict.WARN, what, advice)


def fail(what: str, advice: str) -> Finding:
    """It does not work until somebody acts."""
    return Finding(Verdict.FAIL, what, advice)
