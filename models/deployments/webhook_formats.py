"""Parsing what each provider sends (docs/deployments.md names the fields).

Each function takes the decoded body and returns :class:`~models.deployments.report.Ignored` for anything but a
finished deployment. It raises :class:`~models.errors.Invalid` with a sentence for each field that is invalid.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from models.deployments.report import (
    Fields,
    Ignored,
    Reported,
    ReportedOutcome,
    ReportSource,
    clean_field,
    object_field,
    parse_moment,
    required_text,
    web_address,
)
from models.errors import Invalid
from models.limits import REFERENCE_LIMIT

GITHUB, GITLAB, ARGOCD, GENERIC = "GitHub", "GitLab", "Argo CD", "A pipeline"

_GITHUB = {"success": ReportedOutcome.SUCCEEDED, "failure": ReportedOutcome.FAILED, "error": ReportedOutcome.FAILED}

_GITLAB = {
    "success": ReportedOutcome.SUCCEEDED,
    "failed": ReportedOutcome.FAILED,
    "canceled": ReportedOutcome.FAILED,
}

_ARGOCD = {
    "Succeeded": ReportedOutcome.SUCCEEDED,
    "Failed": ReportedOutcome.FAILED,
    "Error": ReportedOutcome.FAILED,
}

_GENERIC = {
    "success": ReportedOutcome.SUCCEEDED,
    "succeeded": ReportedOutcome.SUCCEEDED,
    "failure": ReportedOutcome.FAILED,
    "failed": ReportedOutcome.FAILED,
    "rolled_back": ReportedOutcome.ROLLED_BACK,
}

_NO_VALUE = "<no value>"
"""Written for a missing field by Go's templates, which Argo CD uses."""


def read_github(event: str, body: Fields) -> Reported | Ignored:
    """A ``deployment_status`` event; a ``ping`` and every other event are ignored."""
    if event == "ping":
        return Ignored("The webhook is set up. Deployments are reported by the event deployment_status.")
    if event != "deployment_status":
        return Ignored(f"The event {clean_field(event, 60)} is no deployment_status.")
    status, deployment = object_field(body, "deployment_status"), object_field(body, "deployment")
    repository = required_text(object_field(body, "repository"), "full_name")
    state = required_text(status, "state")
    if state not in _GITHUB:
        return Ignored(f"The deployment is {state}; it is recorded when it has succeeded or failed.")
    named, sha = clean_field(deployment.get("ref")), clean_field(deployment.get("sha"))
    title = clean_field(deployment.get("description")) or clean_field(status.get("description"))
    return Reported(
        provider=GITHUB,
        reference=f"{repository}#{required_text(deployment, 'id')}",
        source=ReportSource("repository", repository),
        environments=(clean_field(status.get("environment")) or required_text(deployment, "environment"),),
        outcome=_GITHUB[state],
        version=_version(named, sha[:7]),
        title=title,
        url=_first_address(status, "environment_url", "log_url", "target_url"),
        release=_release_in(deployment.get("payload")),
        mentions=(named, title, clean_field(deployment.get("task"))),
        at=parse_moment(status.get("created_at")),
    )


def read_gitlab(event: str, body: Fields) -> Reported | Ignored:
    """A deployment event; every other event is ignored."""
    if event != "Deployment Hook" or body.get("object_kind") != "deployment":
        return Ignored(f"The event {clean_field(event, 60)} is no deployment event.")
    project, status = (
        required_text(object_field(body, "project"), "path_with_namespace"),
        required_text(body, "status"),
    )
    if status not in _GITLAB:
        return Ignored(f"The deployment is {status}; it is recorded when it has succeeded or failed.")
    # GitLab before 14.2 sends no id of the deployment, only that of its job.
    number = clean_field(body.get("deployment_id")) or required_text(body, "deployable_id")
    named, title = clean_field(body.get("ref")), clean_field(body.get("commit_title"))
    tier = clean_field(body.get("environment_tier"))
    return Reported(
        provider=GITLAB,
        reference=f"{project}#{number}",
        source=ReportSource("repository", project),
        environments=(required_text(body, "environment"), *([tier] if tier else [])),
        outcome=_GITLAB[status],
        version=_version(named, clean_field(body.get("short_sha"))),
        title=title,
        url=_first_address(body, "environment_external_url", "deployable_url", "commit_url"),
        mentions=(named, title),
        at=parse_moment(body.get("status_changed_at")),
    )


def read_argocd(body: Fields) -> Reported | Ignored:
    """The template in docs/deployments.md: a sync operation that has ended."""
    present = {name: value for name, value in body.items() if value != _NO_VALUE}
    application, phase = required_text(present, "application"), required_text(present, "phase")
    if phase not in _ARGOCD:
        return Ignored(f"The operation is {phase}; it is recorded when it has succeeded or failed.")
    revisions, targets = _texts(present, "revisions", "revision"), _texts(present, "targets", "target")
    finished, title = clean_field(present.get("finished_at")), clean_field(present.get("message"))
    return Reported(
        provider=ARGOCD,
        reference=f"{application}#{_revision_id(revisions)}#{finished}"[:REFERENCE_LIMIT],
        source=ReportSource("application", application),
        environments=(),
        outcome=_ARGOCD[phase],
        version=_versions(targets, revisions),
        title=title,
        url=web_address(present.get("url")),
        release=clean_field(present.get("release")),
        mentions=(*targets, title),
        at=parse_moment(finished),
    )


def _texts(fields: Fields, several: str, single: str) -> list[str]:
    """One text, maybe empty, for each source of an application; ``single`` is the field if it has one source."""
    found = fields.get(several)
    return [clean_field(text) for text in found] if isinstance(found, list) else [clean_field(fields.get(single))]


def _revision_id(revisions: Sequence[str]) -> str:
    if len(revisions) == 1:
        return revisions[0]
    return hashlib.sha256("\n".join(revisions).encode()).hexdigest()[:40]


def _versions(targets: Sequence[str], revisions: Sequence[str]) -> str:
    pairs = zip_longest(targets, revisions, fillvalue="")
    return clean_field(
        ", ".join(found for target, revision in pairs if (found := _version(target, _short(revision))))
    )


def _short(revision: str) -> str:
    """Shortens a commit; the version of a chart stays."""
    return revision[:12] if _COMMIT.fullmatch(revision) else revision


_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def read_generic(body: Fields) -> Reported | Ignored:
    """Release Desk's own format."""
    problems = {
        name: f"The field {name} is missing, or it is no text."
        for name in _NEEDED
        if not clean_field(body.get(name))
    }
    state, at = clean_field(body.get("state")).casefold().replace("-", "_"), parse_moment(body.get("deployed_at"))
    if "deployed_at" not in problems and at is None:
        problems["deployed_at"] = "deployed_at has to be a moment such as 2026-11-24T09:00:00Z."
    if problems:
        raise Invalid(problems)
    if state not in _GENERIC:
        return Ignored(f"The state {state} is none of success, failure and rolled_back.")
    service, environment, version = (clean_field(body.get(name)) for name in ("service", "environment", "version"))
    title = clean_field(body.get("title"))
    # Without an id, reports with the same four fields are of the same deployment.
    identity = "\n".join((service, environment, version, clean_field(body.get("deployed_at"))))
    own = clean_field(body.get("id")) or hashlib.sha256(identity.encode()).hexdigest()
    return Reported(
        provider=GENERIC,
        reference=f"{service}#{own}",
        source=ReportSource("service", service),
        environments=(environment,),
        outcome=_GENERIC[state],
        version=version,
        title=title,
        url=web_address(body.get("url")),
        release=clean_field(body.get("release")),
        mentions=(version, title),
        at=at,
    )


_NEEDED = ("service", "environment", "version", "state", "deployed_at")


def _version(named: str, sha: str) -> str:
    if not named or (sha and named.startswith(sha)):
        return sha
    return f"{named} ({sha})" if sha else named


def _first_address(fields: Fields, *names: str) -> str:
    return next((found for name in names if (found := web_address(fields.get(name)))), "")


def _release_in(payload: Any) -> str:
    """The release in the payload of a GitHub deployment: an object, or a text that may be JSON."""
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except (ValueError, RecursionError):
            return ""
    return clean_field(payload.get("release")) if isinstance(payload, Mapping) else ""
