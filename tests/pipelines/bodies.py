"""What tools send when they ask (sources in payloads/README.md)."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import example_document

QUESTIONS = Path(__file__).with_name("payloads")

REPOSITORY, SECRET, OTHERS_SECRET = "Codertocat/Hello-World", "pipelines-of-payments-1", "pipelines-of-web-shop-1"


def payload(path: str) -> Any:
    return json.loads((QUESTIONS / path).read_text())


def asking_document() -> dict[str, Any]:
    """In it, the repository of GitHub's example deploys PAY."""
    document = example_document()
    document["services"][0]["deployments"] = {"repositories": [REPOSITORY]}
    document["actors"] = {"github:codertocat": "U0DANA", "azure:ann@example.com": "U0ANN"}
    return document
