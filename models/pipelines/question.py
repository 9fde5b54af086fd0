"""What a pipeline asks, in the same form for every tool."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.deployments.report import web_address
from models.errors import Invalid
from models.limits import QUESTION_TEXT_LIMIT, URL_LIMIT

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Tool(StrEnum):
    """The values are stored."""

    GENERIC = "generic"
    GITHUB = "github"
    AZURE = "azure"
    TERRAFORM = "terraform"
    FLAGGER = "flagger"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Tool.GENERIC: "A pipeline",
    Tool.GITHUB: "GitHub",
    Tool.AZURE: "Azure Pipelines",
    Tool.TERRAFORM: "Terraform",
    Tool.FLAGGER: "Flagger",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackAddress:
    """Where a tool is told the answer, and with what. ``bearer`` is the tool's own key, a secret."""

    url: str
    details: Mapping[str, str] = field(default_factory=dict)
    bearer: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearanceQuestion:
    """Whether ``version`` of ``item`` may go into ``environment`` now.

    A service is named by its key or by its ``repository``. ``item`` is the key of a configuration item, ``actor``
    whoever runs the pipeline as the catalog's ``actors`` name them, ``release`` an identifier. ``reference`` is the
    same when the pipeline asks again.
    """

    tool: Tool
    reference: str
    environment: str
    service: str = ""
    repository: str = ""
    item: str = ""
    version: str = ""
    digest: str = ""
    commit: str = ""
    run_url: str = ""
    actor: str = ""
    release: str = ""
    callback: CallbackAddress | None = None


class QuestionFields:
    """Reads the fields of a body and collects what is wrong with them; :meth:`check` raises all of it at once.

    Nothing is cut or cleaned: a version that was changed on the way in would be held against the wrong thing.
    """

    def __init__(self, body: Mapping[str, Any], prefix: str = "") -> None:
        self._body = body
        self._prefix = prefix
        self.problems: dict[str, str] = {}

    def text(self, name: str, *, required: bool = False, limit: int = QUESTION_TEXT_LIMIT) -> str:
        value = self._body.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        called = f"{self._prefix}{name}"
        if value is None or value == "":
            if required:
                self.problems[called] = f"The field {called} is missing."
            return ""
        if not isinstance(value, str):
            self.problems[called] = f"The field {called} has to be a text."
        elif len(value) > limit:
            self.problems[called] = f"The field {called} is longer than {limit} characters."
        elif _UNFIT.search(value) or value != value.strip():
            self.problems[called] = f"The field {called} has line breaks, control characters or spaces around it."
        else:
            return value
        return ""

    def address(self, name: str, *, required: bool = False) -> str:
        text = self.text(name, required=required, limit=URL_LIMIT)
        if text and not web_address(text):
            self.problems[f"{self._prefix}{name}"] = f"The field {self._prefix}{name} is no web address."
            return ""
        return text

    def inside(self, name: str) -> "QuestionFields":
        """The object in ``name``; its problems are noted here."""
        value = self._body.get(name)
        if not isinstance(value, Mapping):
            called = f"{self._prefix}{name}"
            self.problems[called] = f"The field {called} is missing, or it is no object."
            value = {}
        found = QuestionFields(value, f"{self._prefix}{name}.")
        found.problems = self.problems
        return found

    def check(self) -> None:
        """Raises :class:`~models.errors.Invalid`."""
        if self.problems:
            raise Invalid(self.problems)


def reference_of(*parts: str) -> str:
    """A short name for what ``parts`` say together."""
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()
