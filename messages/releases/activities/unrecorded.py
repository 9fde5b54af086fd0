"""The modal in which a deployment that nobody recorded is reported."""

from datetime import datetime

from messages.kit.blocks import Message, View, modal, paragraph, section
from messages.kit.inputs import input_block, keyed_menu, moment_picker, text_area
from messages.kit.text import say
from messages.releases.request.form import SERVICE_SEARCH
from models.catalog.document import Catalog, Service
from models.limits import TEXT_LIMIT

RECORD = "deployment:record"

TITLE = "Record a deployment"


def record_form(catalog: Catalog, service: Service | None, what: str, now: datetime, nonce: str) -> View:
    """*Record a deployment* of ``service`` at ``now``; ``nonce`` makes submitting it twice harmless."""
    if not catalog.services:
        return modal(RECORD, TITLE, [section(say("services.none"))], close="Close")
    services = keyed_menu("a service", catalog.services, service.key if service else "", SERVICE_SEARCH)
    return modal(
        RECORD,
        TITLE,
        [
            section(say("activities.unrecorded_intro")),
            input_block("service", "Service", services),
            input_block("deployed_at", "Deployed at", moment_picker(now)),
            input_block("what", "What was deployed", text_area(what, TEXT_LIMIT)),
        ],
        submit="Record",
        metadata={"f": nonce},
    )


def recorded(service: Service) -> Message:
    """The answer to a report."""
    return paragraph(say("activities.unrecorded_recorded", service=service))
