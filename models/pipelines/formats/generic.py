"""Release Desk's own format: a flat object, and the answer as it is."""

from collections.abc import Mapping
from typing import Any

from models.pipelines.question import CallbackAddress, ClearanceQuestion, QuestionFields, Tool, reference_of


def read_question(body: Mapping[str, Any], tool: Tool = Tool.GENERIC) -> ClearanceQuestion:
    """Raises :class:`~models.errors.Invalid` with a sentence for each field that is wrong."""
    fields = QuestionFields(body)
    given = {name: fields.text(name) for name in ("item", "version", "digest", "commit", "actor", "release", "id")}
    service, environment = fields.text("service", required=True), fields.text("environment", required=True)
    run_url, callback = fields.address("run_url"), fields.address("callback_url")
    fields.check()
    own = given.pop("id")
    # Without an id, the same question of the same run is the same question.
    parts = (
        service,
        environment,
        run_url,
        *(given[name] for name in ("item", "version", "digest", "commit", "release")),
    )
    return ClearanceQuestion(
        tool=tool,
        reference=reference_of("id", own) if own else reference_of(*parts),
        service=service,
        environment=environment,
        run_url=run_url,
        callback=CallbackAddress(url=callback) if callback else None,
        **given,
    )
