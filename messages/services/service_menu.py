"""The menu in which a service is chosen."""

from collections.abc import Sequence

from messages.kit import slack_limits
from messages.kit.blocks import Element, option
from messages.kit.inputs import search_select, select
from models.catalog.document import Service


def service_menu(services: Sequence[Service], chosen: str, search: str, action_id: str = "value") -> Element:
    """All ``services``, or a search with the action id ``search`` where there are too many for a menu."""
    if len(services) <= slack_limits.MENU_OPTIONS:
        return select(action_id, service_options(services), chosen, "Choose a service")
    initial = next((one for one in services if one.key == chosen), None)
    return search_select(search, "Type a service's key or name", service_options([initial])[0] if initial else None)


def service_options(services: Sequence[Service], typed: str = "") -> list[Element]:
    """The services whose key or name contains ``typed``."""
    wanted = typed.casefold()
    found = [one for one in services if wanted in one.key.casefold() or wanted in one.name.casefold()]
    return [option(f"{one.name} ({one.key})", one.key) for one in found[: slack_limits.MENU_OPTIONS]]
