"""Parsing the examples that providers publish, and refusing everything else."""

import contextlib
import json
import re
import textwrap
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.deployments.report import Ignored, Reported, ReportedOutcome, ReportSource
from models.deployments.webhook_formats import read_argocd, read_generic, read_github, read_gitlab
from models.errors import Invalid
from tests.architecture.modules import ROOT
from tests.deployments.bodies import PAYLOADS, body, published

EVENTS = {"github": "deployment_status", "gitlab": "Deployment Hook"}


def read(name: str, fields: Any) -> Reported | Ignored:
    match name:
        case "github":
            return read_github(EVENTS[name], fields)
        case "gitlab":
            return read_gitlab(EVENTS[name], fields)
        case "argocd":
            return read_argocd(fields)
        case _:
            return read_generic(fields)


def reported(name: str, **changes: Any) -> Reported:
    found = read(name, body(name, **changes))
    assert isinstance(found, Reported)
    return found


def test_the_example_of_github_is_read() -> None:
    assert reported("github") == Reported(
        provider="GitHub",
        reference="Codertocat/Hello-World#145988746",
        source=ReportSource("repository", "Codertocat/Hello-World"),
        environments=("production",),
        outcome=ReportedOutcome.SUCCEEDED,
        version="master (f95f852)",
        mentions=("master", "", "deploy"),
        at=datetime(2019, 5, 15, 15, 20, 55, tzinfo=UTC),
    )


@pytest.mark.parametrize("number", [1, 3, 4])
def test_examples_of_github_that_succeeded_are_the_same_deployment(number: int) -> None:
    assert read("github", json.loads(published(f"github/deployment_status-{number}.json"))) == reported("github")


def test_the_example_of_github_pages_is_not_finished() -> None:
    found = read("github", json.loads(published("github/deployment_status-2.json")))
    assert isinstance(found, Ignored)
    assert "in_progress" in found.why


@pytest.mark.parametrize("payload", [{"release": "PAY-2026.014"}, '{"release": "PAY-2026.014"}'])
def test_the_payload_of_a_deployment_names_its_release_as_an_object_or_a_text(payload: Any) -> None:
    assert reported("github", deployment__payload=payload).release == "PAY-2026.014"


@pytest.mark.parametrize("payload", ["", "PAY-2026.014", "[1]", "[" * 100_000, 7, [], {"release": ["x"]}])
def test_another_payload_of_a_deployment_names_no_release(payload: Any) -> None:
    assert reported("github", deployment__payload=payload).release == ""


def test_the_example_of_gitlab_is_read() -> None:
    assert reported("gitlab") == Reported(
        provider="GitLab",
        reference="root/test-deployment-webhooks#15",
        source=ReportSource("repository", "root/test-deployment-webhooks"),
        environments=("staging", "staging"),
        outcome=ReportedOutcome.SUCCEEDED,
        version="279484c0",
        title="Add new file",
        url="https://staging.example.com",
        mentions=("", "Add new file"),
        at=datetime(2021, 4, 28, 19, 50, tzinfo=UTC),
    )


def test_a_deployment_that_gitlab_was_told_of_has_no_job_and_is_read_all_the_same() -> None:
    fields = body("gitlab")
    missing = "deployable_id deployable_url environment_external_url commit_url commit_title user"
    fields |= dict.fromkeys(missing.split())
    found = read("gitlab", fields | {"ref": "v9.2.0", "status_changed_at": "2021-04-28 19:50:00 UTC"})
    assert isinstance(found, Reported)
    assert (found.version, found.title, found.url) == ("v9.2.0 (279484c0)", "", "")
    assert found.at == datetime(2021, 4, 28, 19, 50, tzinfo=UTC)


def test_what_argo_cds_template_makes_is_read() -> None:
    assert reported("argocd") == Reported(
        provider="Argo CD",
        reference="guestbook#53e28ff20cc530b9ada2173fbbd64d48338583ba#2026-11-24T08:41:12Z",
        source=ReportSource("application", "guestbook"),
        environments=(),
        outcome=ReportedOutcome.SUCCEEDED,
        version="HEAD (53e28ff20cc5)",
        title="successfully synced (all tasks run)",
        url="https://argocd.example.com/applications/guestbook",
        mentions=("HEAD", "successfully synced (all tasks run)"),
        at=datetime(2026, 11, 24, 8, 41, 12, tzinfo=UTC),
    )


def test_an_application_with_several_sources_has_a_version_for_each_in_their_order() -> None:
    found = read_argocd(json.loads(published("argocd/report-several-sources.json")))
    assert isinstance(found, Reported)
    assert found.version == "4.1.x (4.1.7), main (53e28ff20cc5), 0d521c6e0498"
    assert found.mentions == ("4.1.x", "main", "", "successfully synced (all tasks run)")
    assert found.reference.startswith("guestbook#")
    assert found.reference.endswith("#2026-11-24T08:41:12Z")
    assert len(found.reference) < 100


def test_the_order_and_each_of_several_revisions_tell_deployments_apart() -> None:
    fields = json.loads(published("argocd/report-several-sources.json"))
    others = [{"revisions": fields["revisions"][::-1]}, {"revisions": fields["revisions"][:2]}, {}]
    read_again = [read_argocd(fields | change) for change in others]
    assert len({one.reference for one in read_again if isinstance(one, Reported)}) == 3


def test_an_operation_that_ended_before_it_synced_anything_has_no_version() -> None:
    found = read_argocd(json.loads(published("argocd/report-not-begun.json")))
    assert isinstance(found, Reported)
    assert (found.outcome, found.version, found.reference) == (
        ReportedOutcome.FAILED,
        "",
        "guestbook##2026-11-24T08:41:12Z",
    )
    assert found.title == 'ComparisonError: "guestbook": app path does not exist'


def test_what_the_template_from_before_makes_is_read_alike() -> None:
    fields = body("argocd")
    before = fields | {"revision": fields.pop("revisions")[0], "target": fields.pop("targets")[0]}
    assert read_argocd({name: before[name] for name in before if name not in ("revisions", "targets")}) == reported(
        "argocd"
    )


def test_the_template_that_made_the_reports_is_the_one_in_the_description() -> None:
    described = (ROOT / "docs/deployments.md").read_text()
    found = re.search(r"      body: \|\n(.*?)trigger\.release-desk", described, re.DOTALL)
    assert found
    assert textwrap.dedent(found[1]) == (PAYLOADS / "argocd/body.gotemplate").read_text()


def test_the_example_of_our_own_format_is_read() -> None:
    found = reported("generic", release="PAY-2026.014", id=812)
    assert (found.reference, found.source, found.release) == (
        "PAY#812",
        ReportSource("service", "PAY"),
        "PAY-2026.014",
    )
    assert (found.version, found.url) == ("9.2.0", "https://ci.example.com/builds/812")
    assert found.at == datetime(2026, 11, 24, 8, 45, tzinfo=UTC)


def test_the_example_in_the_description_is_the_one_that_is_tested() -> None:
    described = re.search(r"```json\n(.*?)```", (ROOT / "docs/deployments.md").read_text(), re.DOTALL)
    assert described
    assert json.loads(described[1]) == body("generic")


@pytest.mark.parametrize(
    ("name", "changes", "outcome"),
    [
        ("github", {"deployment_status__state": "failure"}, ReportedOutcome.FAILED),
        ("github", {"deployment_status__state": "error"}, ReportedOutcome.FAILED),
        ("gitlab", {"status": "failed"}, ReportedOutcome.FAILED),
        ("gitlab", {"status": "canceled"}, ReportedOutcome.FAILED),
        ("argocd", {"phase": "Error"}, ReportedOutcome.FAILED),
        ("argocd", {"phase": "Failed"}, ReportedOutcome.FAILED),
        ("generic", {"state": "failure"}, ReportedOutcome.FAILED),
        ("generic", {"state": "Rolled-Back"}, ReportedOutcome.ROLLED_BACK),
    ],
)
def test_what_did_not_succeed_is_told_apart(name: str, changes: dict[str, Any], outcome: ReportedOutcome) -> None:
    assert reported(name, **changes).outcome is outcome


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        *(
            ("github", {"deployment_status__state": state}, f"The deployment is {state}; it is recorded when")
            for state in ("waiting", "queued", "pending", "in_progress", "inactive")
        ),
        *(
            ("gitlab", {"status": status}, f"The deployment is {status}; it is recorded when")
            for status in ("created", "running", "blocked", "skipped")
        ),
        ("gitlab", {"object_kind": "push"}, "is no deployment event"),
        ("argocd", {"phase": "Running"}, "The operation is Running"),
        ("argocd", {"phase": "Terminating"}, "The operation is Terminating"),
        ("generic", {"state": "pending"}, "is none of success, failure and rolled_back"),
    ],
)
def test_what_is_not_finished_is_ignored(name: str, changes: dict[str, Any], why: str) -> None:
    found = read(name, body(name, **changes))
    assert isinstance(found, Ignored)
    assert why in found.why


@pytest.mark.parametrize(
    ("event", "why"), [("ping", "The webhook is set up."), ("push", "is no deployment_status.")]
)
def test_other_events_of_github_are_ignored(event: str, why: str) -> None:
    found = read_github(event, {})
    assert isinstance(found, Ignored)
    assert why in found.why


@pytest.mark.parametrize(
    ("name", "changes", "fields"),
    [
        ("github", {"deployment": None}, ["deployment"]),
        ("github", {"deployment": [1]}, ["deployment"]),
        ("github", {"repository__full_name": None}, ["full_name"]),
        ("github", {"deployment__id": {}}, ["id"]),
        ("gitlab", {"project": "x"}, ["project"]),
        ("gitlab", {"environment": ""}, ["environment"]),
        ("argocd", {"application": "<no value>"}, ["application"]),
        ("generic", {"service": None, "state": 1.5}, ["service", "state"]),
        ("generic", {"deployed_at": "yesterday"}, ["deployed_at"]),
    ],
)
def test_what_cannot_be_read_is_named(name: str, changes: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as wrong:
        read(name, body(name, **changes))
    assert list(wrong.value.problems) == fields


def test_later_reports_of_a_deployment_have_its_reference_and_others_have_not() -> None:
    first, later = reported("github"), reported("github", deployment_status__state="failure")
    assert first.reference == later.reference
    assert reported("github", deployment__id=2).reference != first.reference
    assert reported("generic").reference == reported("generic", state="failure").reference
    assert reported("generic", version="9.3.0").reference != reported("generic").reference


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x", "https://", "https://a b", "https://x|y>", 7, None, "https://[x"]
)
def test_an_address_that_no_browser_should_open_is_left_out(url: Any) -> None:
    fields = body("generic") | {"url": url}
    found = read_generic(fields)
    assert isinstance(found, Reported)
    assert found.url == ""


def test_characters_that_no_database_takes_are_left_out_and_texts_are_short() -> None:
    found = reported("generic", title="a\x00b\ud800c\nd", version="9" * 5000)
    assert found.title == "a b c d"
    assert len(found.version) == 300


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(["github", "gitlab", "argocd", "generic"]), data=st.data())
def test_anything_in_any_field_is_read_ignored_or_named(name: str, data: st.DataObject) -> None:
    fields = body(name)
    for place in [fields, *(value for value in fields.values() if isinstance(value, dict))]:
        for field in place:
            if data.draw(st.booleans()):
                place[field] = data.draw(ANYTHING)
    with contextlib.suppress(Invalid):
        assert isinstance(read(name, fields), (Reported, Ignored))
