"""GitHub: a custom deployment protection rule, asked by webhook and answered at ``deployment_callback_url``."""

import re
from collections.abc import Mapping
from typing import Any

from models.pipelines.decision import PipelineDecision
from models.pipelines.question import CallbackAddress, ClearanceQuestion, QuestionFields, Tool
from models.pipelines.telling import is_final

GITHUB_EVENT = "deployment_protection_rule"

LONGEST_COMMENT = 1024

_VERSION_TAG = re.compile(r"(?:refs/tags/)?(v?\d[\w.+-]*)", re.ASCII)


def read_protection_rule(body: Mapping[str, Any]) -> ClearanceQuestion:
    """The payload of ``deployment_protection_rule``. A tag such as ``v9.2.0`` is taken for the version.

    Raises :class:`~models.errors.Invalid` with a sentence for each field that is wrong.
    """
    fields = QuestionFields(body)
    environment = fields.text("environment", required=True)
    callback = fields.address("deployment_callback_url", required=True)
    repository = fields.inside("repository").text("full_name", required=True)
    installation = fields.inside("installation").text("id", required=True)
    actor = fields.inside("sender").text("login")
    deployment = fields.inside("deployment")
    number, commit = deployment.text("id", required=True), deployment.text("sha", required=True)
    ref = deployment.text("ref")
    named = _object(_object(body.get("deployment")).get("payload"))
    inner = QuestionFields(named, "deployment.payload.")
    inner.problems = fields.problems
    release, item = inner.text("release"), inner.text("item")
    fields.check()
    tag = _VERSION_TAG.fullmatch(ref)
    return ClearanceQuestion(
        tool=Tool.GITHUB,
        reference=f"{repository}#{number}:{environment}",
        repository=repository,
        environment=environment,
        item=item,
        version=tag[1] if tag else "",
        commit=commit,
        run_url=_run_page(callback, repository),
        actor=f"github:{actor}" if actor else "",
        release=release,
        callback=CallbackAddress(url=callback, details={"installation": installation, "environment": environment}),
    )


def protection_rule_review(about: Mapping[str, Any], answer: Mapping[str, Any], link: str) -> dict[str, str]:
    """Without ``state`` it is a comment on a deployment that goes on waiting."""
    said = f"{answer['said']} {link}".strip()
    if len(said) > LONGEST_COMMENT:
        said = f"{said[: LONGEST_COMMENT - 1]}\N{HORIZONTAL ELLIPSIS}"
    review = {"environment_name": str(about["environment"]), "comment": said}
    decision = str(answer["decision"])
    if decision == PipelineDecision.ALLOWED:
        return {**review, "state": "approved"}
    return {**review, "state": "rejected"} if is_final(decision) or about["final"] else review


def _object(value: Any) -> Mapping[str, Any]:
    """GitHub allows a payload to be a text, too."""
    return value if isinstance(value, Mapping) else {}


def _run_page(callback: str, repository: str) -> str:
    """The page of the run, on GitHub itself; elsewhere its address isn't known."""
    run = re.search(r"/actions/runs/(\d+)/", callback)
    if run is None or not callback.startswith("https://api.github.com/"):
        return ""
    return f"https://github.com/{repository}/actions/runs/{run[1]}"
