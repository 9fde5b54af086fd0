"""Every tool's question is read from what it publishes, and nothing hostile gets through."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Invalid
from models.pipelines.away import read_away_note
from models.pipelines.formats.azure import check_result, read_check
from models.pipelines.formats.flagger import read_canary
from models.pipelines.formats.generic import read_question
from models.pipelines.formats.github import protection_rule_review, read_protection_rule
from models.pipelines.formats.terraform import is_run_task_check, read_run_task, run_task_result
from models.pipelines.question import ClearanceQuestion, Tool
from tests.pipelines.bodies import payload

PLACE = {"service": "PAY", "environment": "production"}

READERS: dict[str, tuple[Callable[[Any], ClearanceQuestion], Any]] = {
    "generic": (read_question, payload("generic.json")),
    "github": (read_protection_rule, payload("github/deployment_protection_rule.json")),
    "terraform": (lambda body: read_run_task(PLACE, body), payload("terraform/run_task.json")),
    "terraform's address": (lambda query: read_run_task(query, payload("terraform/run_task.json")), PLACE),
    "azure": (lambda body: read_check(payload("azure/headers.json"), body), payload("azure/body.json")),
    "azure's headers": (
        lambda headers: read_check({name: str(text) for name, text in headers.items()}, payload("azure/body.json")),
        payload("azure/headers.json"),
    ),
    "flagger": (read_canary, payload("flagger/confirm-rollout.json")),
    "away": (
        lambda body: read_away_note(body).question,
        {**payload("generic.json"), "id": "away-1", "reason": "No answer", "at": "2026-11-24T09:00:00Z"},
    ),
}


def test_github_asks_by_repository_commit_and_tag() -> None:
    body = payload("github/deployment_protection_rule.json")
    found = read_protection_rule(body)
    assert (found.tool, found.repository, found.environment) == (
        Tool.GITHUB,
        "Codertocat/Hello-World",
        "production",
    )
    assert (found.commit, found.version, found.actor) == (body["deployment"]["sha"], "", "github:Codertocat")
    assert found.run_url == "https://github.com/Codertocat/Hello-World/actions/runs/5146890321"
    assert found.callback is not None
    assert found.callback.url == body["deployment_callback_url"]
    assert found.callback.details == {"installation": "13986380", "environment": "production"}

    body["deployment"] |= {"ref": "refs/tags/v9.2.0", "payload": {"release": "PAY-2026.014", "item": "pay-api"}}
    tagged = read_protection_rule(body)
    assert (tagged.version, tagged.release, tagged.item) == ("v9.2.0", "PAY-2026.014", "pay-api")
    body["deployment"] |= {"ref": "release/9", "payload": '{"release": "PAY-2026.014"}'}
    assert (read_protection_rule(body).version, read_protection_rule(body).release) == ("", "")


def test_terraform_asks_by_its_address_and_commit() -> None:
    found = read_run_task(PLACE | {"version": "9.2.0"}, payload("terraform/run_task.json"))
    assert (found.service, found.environment, found.version) == ("PAY", "production", "9.2.0")
    assert found.commit == "7d8fb2a2d601edebdb7a59ad2088a96673637d22"
    assert found.callback is not None
    assert found.callback.bearer.startswith("4QEuyyxug1f2rw")
    assert "4QEuyyxug1f2rw" not in repr(found)
    assert is_run_task_check({"stage": "test"})
    assert not is_run_task_check(payload("terraform/run_task.json"))


def test_azure_is_called_back_at_its_plan() -> None:
    found = read_check(payload("azure/headers.json"), payload("azure/body.json"))
    assert found.callback is not None
    assert found.callback.url == (
        "https://dev.azure.com/fabrikam/8a7c2f7e-3a52-4a1b-9e31-6a3c9a6f7b10/_apis/distributedtask/hubs/build/plans/"
        "2f1b7c1a-5a3e-4a0c-8f2b-0c5b6d7e8f90/events?api-version=7.1"
    )
    assert (found.version, found.actor) == ("9.2.0", "azure:ann@example.com")


def test_flagger_asks_by_its_metadata_and_anew_for_another_version() -> None:
    body = payload("flagger/confirm-rollout.json")
    found = read_canary(body)
    assert (found.service, found.environment, found.item, found.version) == (
        "PAY",
        "production",
        "pay-api",
        "9.2.0",
    )
    assert found.reference != read_canary(body | {"checksum": "another"}).reference
    with pytest.raises(Invalid, match=r"metadata\.service is missing"):
        read_canary(payload("flagger/webhook.json"))


def test_the_same_question_has_the_same_reference_whoever_asks() -> None:
    body = payload("generic.json")
    assert read_question(body).reference == read_question(body | {"actor": "github:bob"}).reference
    for changes in ({"version": "9.3.0"}, {"run_url": "https://ci.example.com/runs/813"}, {"id": "x"}):
        assert read_question(body).reference != read_question(body | changes).reference


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service": ""}, "The field service is missing."),
        ({"environment": None}, "The field environment is missing."),
        ({"version": ["9"]}, "The field version has to be a text."),
        ({"version": True}, "The field version has to be a text."),
        ({"version": "9.2.0\n"}, "The field version has line breaks"),
        ({"version": "9" * 301}, "The field version is longer than 300 characters."),
        ({"item": " pay-api"}, "The field item has line breaks"),
        ({"item": "pay\u0000api"}, "The field item has line breaks"),
        ({"item": "pay\ud800api"}, "The field item has line breaks"),
        ({"run_url": "javascript:alert(1)"}, "The field run_url is no web address."),
        ({"callback_url": "file:///etc/passwd"}, "The field callback_url is no web address."),
    ],
)
def test_a_field_that_is_wrong_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=re.escape(said)):
        read_question(payload("generic.json") | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"ProjectId": "../../evil"},
        {"PlanId": "a/b"},
        {"HubName": ".."},
        {"JobId": ""},
        {"TaskInstanceId": "x?y"},
        {"AuthToken": "a b"},
        {"AuthToken": "a\r\nX-Evil: 1"},
        {"PlanUrl": "ftp://dev.azure.com/"},
        {"PlanUrl": "https://dev.azure.com/fabrikam/?to="},
        {"PlanUrl": "https://dev.azure.com/fabrikam/#"},
    ],
)
def test_azure_can_not_be_led_elsewhere_by_its_headers(changes: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_check(payload("azure/headers.json") | changes, payload("azure/body.json"))


WHATEVER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_a_field_holds_is_read_as_it_is_or_refused_in_words(name: str, data: st.DataObject) -> None:
    read, example = READERS[name]
    body = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(body, data)
    found = _read(read, body)
    if found is None:
        return
    texts = [
        getattr(found, one)
        for one in ("service", "environment", "item", "version", "digest", "commit", "actor", "release")
    ]
    assert all(isinstance(one, str) and len(one) <= 400 and not UNFIT.search(one) for one in texts)
    assert found.environment
    assert found.service or found.repository
    if found.callback is not None:
        assert found.callback.url.startswith(("https://", "http://"))


def _read(read: Callable[[Any], ClearanceQuestion], body: Any) -> ClearanceQuestion | None:
    """None if it is refused in words; any other error is a fault."""
    try:
        return read(body)
    except Invalid as refused:
        if not all(refused.problems.values()):
            raise
        return None


def _spoil(body: Any, data: st.DataObject) -> None:
    """Put anything in the place of something, at any depth."""
    here, names = body, list(body)
    name = data.draw(st.sampled_from(names))
    while isinstance(here[name], dict) and here[name] and data.draw(st.booleans()):
        here = here[name]
        name = data.draw(st.sampled_from(list(here)))
    here[name] = data.draw(WHATEVER)


@pytest.mark.parametrize(
    ("decision", "final", "github", "azure", "terraform"),
    [
        ("allowed", True, "approved", "succeeded", "passed"),
        ("awaiting", False, None, "failed", "running"),
        ("awaiting", True, "rejected", "failed", "failed"),
        ("prevented", True, "rejected", "failed", "failed"),
        ("invalid", True, "rejected", "failed", "failed"),
    ],
)
def test_each_tool_is_told_in_its_own_words(
    decision: str, final: bool, github: str | None, azure: str, terraform: str
) -> None:
    about = {"final": final, "environment": "production", "job": "j", "task": "t"}
    answer = {"decision": decision, "said": "It has to wait. " * 100}
    review = protection_rule_review(about, answer, "https://slack.example.com/p1")
    assert review.get("state") == github
    assert len(review["comment"]) <= 1024
    assert check_result(about, answer)["result"] == azure
    assert run_task_result(about, answer, "")["data"]["attributes"]["status"] == terraform
