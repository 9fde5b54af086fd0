"""Bodies of reports: the examples that providers publish (sources in payloads/README.md)."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import example_document

PAYLOADS = Path(__file__).with_name("payloads")

EXAMPLES = {
    "github": "github/deployment_status-1.json",
    "gitlab": "gitlab/deployment.json",
    "argocd": "argocd/report.json",
    "generic": "generic.json",
}
"""One example of each format, for tests to change."""

REPOSITORY, PROJECT, APPLICATION = "Codertocat/Hello-World", "root/test-deployment-webhooks", "guestbook"


def published(path: str) -> bytes:
    return (PAYLOADS / path).read_bytes()


def body(name: str, **changes: Any) -> dict[str, Any]:
    """The example ``name`` with other values; ``deployment__ref`` changes ``ref`` inside ``deployment``."""
    found: dict[str, Any] = json.loads(published(EXAMPLES[name]))
    for path, value in changes.items():
        *way, last = path.split("__")
        here = found
        for step in way:
            here = here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value
    return found


def reporting_document() -> dict[str, Any]:
    """In it, the repositories and the application of the examples deploy PAY."""
    document = example_document()
    document["services"][0]["deployments"] = {
        "repositories": [REPOSITORY, PROJECT],
        "applications": [APPLICATION],
        "production": ["production", "staging"],
    }
    return document
