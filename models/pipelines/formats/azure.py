"""Azure Pipelines: an *Invoke REST API* check that waits to be called back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.errors import Invalid
from models.pipelines.decision import PipelineDecision
from models.pipelines.formats.generic import read_question
from models.pipelines.question import CallbackAddress, ClearanceQuestion, QuestionFields, Tool, reference_of

CHECK_HEADERS = ("PlanUrl", "ProjectId", "HubName", "PlanId", "JobId", "TaskInstanceId", "AuthToken")
"""What Azure Pipelines sends beside the body unless told otherwise."""

_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)


def read_check(headers: Mapping[str, str], body: Mapping[str, Any]) -> ClearanceQuestion:
    """The body is Release Desk's own format; the headers say how to call back.

    Raises :class:`~models.errors.Invalid` with a sentence for each header and field that is wrong.
    """
    problems: dict[str, str] = {}
    given = {name: headers.get(name, "") for name in CHECK_HEADERS}
    address = QuestionFields(given)
    plan_url = address.address("PlanUrl", required=True)
    problems |= address.problems
    if "?" in plan_url or "#" in plan_url:
        problems["PlanUrl"] = "The header PlanUrl has more than a path after its host."
    problems |= {
        name: f"The header {name} is missing, or it is no name."
        for name in ("ProjectId", "HubName", "PlanId", "JobId", "TaskInstanceId")
        if not _NAME.fullmatch(given[name]) or set(given[name]) == {"."}
    }
    if not re.fullmatch(r"[\x21-\x7e]{1,8000}", given["AuthToken"]):
        problems["AuthToken"] = "The header AuthToken is missing, or it is no token."
    try:
        question = read_question(body, Tool.AZURE)
    except Invalid as wrong:
        raise Invalid(problems | wrong.problems) from None
    if problems:
        raise Invalid(problems)
    path = f"{given['ProjectId']}/_apis/distributedtask/hubs/{given['HubName']}/plans/{given['PlanId']}/events"
    return replace(
        question,
        reference=reference_of(given["PlanId"], given["JobId"], given["TaskInstanceId"]),
        callback=CallbackAddress(
            url=f"{plan_url.rstrip('/')}/{path}?api-version=7.1",
            details={"job": given["JobId"], "task": given["TaskInstanceId"]},
            bearer=given["AuthToken"],
        ),
    )


def check_result(about: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, str]:
    succeeded = answer["decision"] == PipelineDecision.ALLOWED
    return {
        "name": "TaskCompleted",
        "taskId": str(about["task"]),
        "jobId": str(about["job"]),
        "result": "succeeded" if succeeded else "failed",
    }
