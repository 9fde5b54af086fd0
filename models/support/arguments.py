"""What ``/known-error list`` is asked for, in whatever order people type it."""

from dataclasses import dataclass

from models.catalog.document import Catalog
from models.errors import Invalid
from models.support.forms import RESOLVED


@dataclass(frozen=True, slots=True)
class KnownErrorArguments:
    """Which known errors are wanted; an empty service means all of them."""

    service: str = ""
    resolved: bool = False

    @property
    def heading(self) -> str:
        """The filter in words."""
        where = f" of {self.service}" if self.service else ""
        return f"{'Resolved' if self.resolved else 'Unresolved'} known errors{where}"


def parse_known_error_arguments(text: str, catalog: Catalog) -> KnownErrorArguments:
    """Read service keys and ``resolved``. Raises :class:`~models.errors.Invalid` for any other word."""
    keys = {key.casefold(): key for key in catalog.by_key}
    service, resolved = "", False
    for word in text.casefold().split():
        if word in keys:
            service = keys[word]
        elif word == RESOLVED:
            resolved = True
        else:
            services = ", ".join(keys.values()) or "none yet"
            raise Invalid({"text": f"{word[:40]!r} is no service. Services: {services}. Or write: resolved."})
    return KnownErrorArguments(service, resolved)
