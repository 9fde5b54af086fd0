"""The menu of services in the forms of a release."""

from collections.abc import Sequence

from messages.kit.blocks import SELECT_LIMIT, Element, option
from messages.kit.text import cut
from models.catalog.document import Service

SERVICE_SEARCH = "release:service_search"


def service_options(services: Sequence[Service], typed: str = "") -> list[Element]:
    """The services whose key or name holds what was typed, as options of a menu."""
    wanted = typed.casefold()
    found = [one for one in services if wanted in one.key.casefold() or wanted in one.name.casefold()]
    return [option(cut(f"{one.name} ({one.key})", 75), one.key) for one in found[:SELECT_LIMIT]]
