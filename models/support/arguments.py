"""The arguments of ``/known-error list``: a service and ``resolved``, in any order."""

from dataclasses import dataclass

from models.arguments import argument_words, service_named
from models.catalog.document import Catalog
from models.errors import Invalid
from models.support.forms import RESOLVED


@dataclass(frozen=True, slots=True)
class KnownErrorArguments:
    """An empty service means all."""

    service: str = ""
    resolved: bool = False

    @property
    def heading(self) -> str:
        where = f" of {self.service}" if self.service else ""
        return f"{'Resolved' if self.resolved else 'Unresolved'} known errors{where}"


def parse_known_error_arguments(text: str, catalog: Catalog) -> KnownErrorArguments:
    """Read services and ``resolved``. Raises :class:`~models.errors.Invalid` for any other word."""
    service, resolved = "", False
    for word in argument_words(text.casefold()):
        if named := service_named(word, catalog):
            service = named.key
        elif word == RESOLVED:
            resolved = True
        else:
            services = ", ".join(catalog.by_key) or "none yet"
            raise Invalid({"text": f"{word[:40]!r} is no service. Services: {services}. Or write: resolved."})
    return KnownErrorArguments(service, resolved)
