"""Flagger: a ``confirm-rollout`` or ``confirm-promotion`` webhook, which asks again until it is let go."""

from collections.abc import Mapping
from typing import Any

from models.errors import Invalid
from models.pipelines.question import ClearanceQuestion, QuestionFields, Tool, reference_of


def flagger_token(body: Mapping[str, Any]) -> str:
    """Flagger can neither sign nor send headers: the secret comes in ``metadata.token``."""
    metadata = body.get("metadata")
    token = metadata.get("token") if isinstance(metadata, Mapping) else None
    return token if isinstance(token, str) else ""


def read_canary(body: Mapping[str, Any]) -> ClearanceQuestion:
    """``metadata`` has the fields of Release Desk's own format.

    Raises :class:`~models.errors.Invalid` with a sentence for each field that is wrong.
    """
    fields = QuestionFields(body)
    name, namespace = fields.text("name", required=True), fields.text("namespace", required=True)
    fields.text("phase", required=True)
    metadata = fields.inside("metadata")
    service, environment = metadata.text("service", required=True), metadata.text("environment", required=True)
    given = {one: metadata.text(one) for one in ("item", "version", "digest", "commit", "release")}
    checksum = fields.text("checksum")
    if fields.problems:
        raise Invalid(fields.problems)
    return ClearanceQuestion(
        tool=Tool.FLAGGER,
        # The same canary of another version is another question.
        reference=reference_of(namespace, name, checksum, *given.values()),
        service=service,
        environment=environment,
        item=given["item"],
        version=given["version"],
        digest=given["digest"],
        commit=given["commit"],
        release=given["release"],
    )
