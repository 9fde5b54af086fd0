"""HCP Terraform and Terraform Enterprise: a run task, answered at ``task_result_callback_url``."""

import re
from collections.abc import Mapping
from typing import Any

from models.errors import Invalid
from models.pipelines.decision import PipelineDecision
from models.pipelines.question import CallbackAddress, ClearanceQuestion, QuestionFields, Tool
from models.pipelines.telling import is_final

_COMMIT = re.compile(r"/(?:commit|commits|-/commit)/([0-9a-f]{7,64})$")


def is_run_task_check(body: Mapping[str, Any]) -> bool:
    """Whether it only asks if the address takes run tasks, as Terraform does when one is set up."""
    return body.get("stage") == "test"


def read_run_task(query: Mapping[str, str], body: Mapping[str, Any]) -> ClearanceQuestion:
    """The query of the address says which service and environment: Terraform itself doesn't know.

    Raises :class:`~models.errors.Invalid` with a sentence for each field that is wrong.
    """
    place, fields = QuestionFields(query), QuestionFields(body)
    service, environment = place.text("service", required=True), place.text("environment", required=True)
    item, version, release = (place.text(name) for name in ("item", "version", "release"))
    run, result = fields.text("run_id", required=True), fields.text("task_result_id", required=True)
    callback = fields.address("task_result_callback_url", required=True)
    run_url, commit_url = fields.address("run_app_url"), fields.address("vcs_commit_url")
    actor = fields.text("run_created_by")
    token = fields.text("access_token", required=True, limit=2000)
    problems = place.problems | fields.problems
    if body.get("payload_version") != 1:
        problems["payload_version"] = "The field payload_version has to be 1."
    if problems:
        raise Invalid(problems)
    commit = _COMMIT.search(commit_url)
    return ClearanceQuestion(
        tool=Tool.TERRAFORM,
        reference=f"{run}:{result}",
        service=service,
        environment=environment,
        item=item,
        version=version,
        commit=commit[1] if commit else "",
        run_url=run_url,
        actor=f"terraform:{actor}" if actor else "",
        release=release,
        callback=CallbackAddress(url=callback, bearer=token),
    )


def run_task_result(about: Mapping[str, Any], answer: Mapping[str, Any], link: str) -> dict[str, Any]:
    """``running`` is a sign of life of a task that goes on waiting."""
    decision = str(answer["decision"])
    status = "running"
    if decision == PipelineDecision.ALLOWED:
        status = "passed"
    elif is_final(decision) or about["final"]:
        status = "failed"
    attributes = {"status": status, "message": str(answer["said"])[:1000], **({"url": link} if link else {})}
    return {"data": {"type": "task-results", "attributes": attributes}}
