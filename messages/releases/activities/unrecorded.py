"""The modal in which a deployment that nobody recorded is reported."""

from datetime import datetime
from typing import Any

from messages.kit.blocks import (
    SELECT_LIMIT,
    Element,
    Message,
    input_block,
    modal,
    plain_text,
    section,
    select,
    text_input,
)
from messages.kit.text import say
from messages.services.menu import SERVICE_SEARCH, service_options
from models.catalog.document import Catalog, Service
from models.lifecycle.limits import TEXT_LIMIT

RECORD = "deployment:record"

TITLE = "Record a deployment"


def record_form(catalog: Catalog, service: Service | None, what: str, now: datetime, nonce: str) -> dict[str, Any]:
    """*Record a deployment*, with the service of the channel and the present moment filled in."""
    if not catalog.services:
        return modal(RECORD, TITLE, [section(say("services.none"))], close="Close")
    moment: Element = {"type": "datetimepicker", "action_id": "value", "initial_date_time": int(now.timestamp())}
    return modal(
        RECORD,
        TITLE,
        [
            section(say("activities.unrecorded_intro")),
            input_block("service", "Service", _service(catalog, service)),
            input_block("deployed_at", "Deployed at", moment),
            input_block(
                "what", "What was deployed", text_input(initial=what, multiline=True, max_length=TEXT_LIMIT)
            ),
        ],
        submit="Record",
        metadata={"f": nonce},
    )


def recorded(service: Service) -> Message:
    """What to tell somebody who reported a deployment."""
    text = say("activities.unrecorded_recorded", service=service)
    return Message(text=text, blocks=[section(text)])


def _service(catalog: Catalog, chosen: Service | None) -> Element:
    if len(catalog.services) <= SELECT_LIMIT:
        return select(
            "value", service_options(catalog.services), chosen.key if chosen else None, "Choose a service"
        )
    element: Element = {
        "type": "external_select",
        "action_id": SERVICE_SEARCH,
        "min_query_length": 0,
        "placeholder": plain_text("Type a service's key or name"),
    }
    if chosen:
        element["initial_option"] = service_options([chosen])[0]
    return element
