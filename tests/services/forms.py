"""Forms about a service as somebody fills them in: their present values, with some changed."""

from typing import Any

from messages.services.forms import part_form
from models.catalog.document import Catalog
from models.services.edit import Editable, ServiceEdit
from models.services.sections import SECTIONS

_HELD = ("initial_value", "initial_user", "initial_users", "initial_conversation")


def shown(catalog: Catalog, key: str = "PAY") -> Editable:
    """The service ``key`` of ``catalog`` for somebody who may edit it."""
    return Editable(catalog.by_key[key], catalog.revision, parts=frozenset(SECTIONS), called={})


def standing(view: dict[str, Any]) -> dict[str, Any]:
    """The values of an unchanged form, as Slack would send them."""
    fields: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            held = next((element[name] for name in _HELD if name in element), None)
            option = element.get("initial_option")
            fields[block["block_id"]] = option["value"] if option else held
    return fields


def filled(
    catalog: Catalog, part: str, item: str = "", key: str = "PAY", **typed: Any
) -> tuple[ServiceEdit, dict[str, Any]]:
    """The form of one part with ``typed`` in place of its present values."""
    form = part_form(shown(catalog, key), part, item)
    return ServiceEdit(key, catalog.revision, part, item), {**standing(form), **typed}
