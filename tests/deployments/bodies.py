"""Bodies of reports, from the examples that providers publish."""

import json
from typing import Any

from tests.conftest import DATA, example_document

REPOSITORY, PROJECT, APPLICATION = "Codertocat/Hello-World", "root/test-deployment-webhooks", "guestbook"


def body(name: str, **changes: Any) -> dict[str, Any]:
    """The example ``name`` with other values; ``deployment__ref`` changes ``ref`` inside ``deployment``."""
    found: dict[str, Any] = json.loads((DATA / "hooks" / f"{name}.json").read_text())
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
    """The example catalog, in which the examples' repositories and application deploy PAY."""
    document = example_document()
    document["services"][0]["deployments"] = {
        "repositories": [REPOSITORY, PROJECT],
        "applications": [APPLICATION],
        "production": ["production", "staging"],
    }
    return document
