"""The arguments of ``/release list``: a service, a state and ``mine``, in any order."""

from dataclasses import dataclass

from models.arguments import argument_words, service_named
from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.lifecycle import State

MINE = "mine"


@dataclass(frozen=True, slots=True)
class ListArguments:
    """Which releases to list; empty means all services, and the open states."""

    service: str = ""
    state: str = ""
    mine: bool = False

    @property
    def heading(self) -> str:
        which = State(self.state).words.capitalize() if self.state else "Open"
        where = f" for {self.service}" if self.service else ""
        return f"{which} releases{where}{' that you requested' if self.mine else ''}"

    @property
    def words(self) -> str:
        """The filter as people type it."""
        return " ".join(filter(None, (self.service, self.state, MINE if self.mine else "")))


def parse_list_arguments(text: str, catalog: Catalog) -> ListArguments:
    """Read services, states and ``mine``. Raises :class:`~models.errors.Invalid` for any other word."""
    service = state = ""
    mine = False
    for word in argument_words(text.casefold()):
        if named := service_named(word, catalog):
            service = named.key
        elif word.replace("-", "_") in State.__members__.values():
            state = word.replace("-", "_")
        elif word == MINE:
            mine = True
        else:
            services, states = ", ".join(catalog.by_key), ", ".join(State)
            raise Invalid({"text": f"{word!r} is no service and no state. Services: {services}. States: {states}."})
    return ListArguments(service, state, mine)
