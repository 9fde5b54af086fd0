"""Where blocks stand, and how their controls find their way back to the app."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
NOT_IN_IDS = re.compile(r"[^A-Za-z0-9-]")


@dataclass(frozen=True)
class Surface:
    """A message, a modal or a Home while it is being drawn for one reader.

    `key` names it uniquely on the page. `act` and `suggest` are the addresses that its controls report to and ask
    for suggestions. `values` is what was entered so far (block_id, action_id, state value), `errors` what is said
    under each input by block_id.
    """

    kind: Literal["message", "modal", "home"]
    key: str
    act: str
    suggest: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def dom_id(self, *parts: str) -> str:
        """An id for the page made of ids that apps chose: always valid, and different for different parts."""
        return "-".join(NOT_IN_IDS.sub(lambda found: f"_{ord(found[0]):x}", part) for part in (self.key, *parts))

    def entered(self, block_id: str, action_id: str) -> Json | None:
        """The state value of an element as far as it is known, `None` when nothing was entered."""
        return self.values.get(block_id, {}).get(action_id)


def field_name(block_id: str, action_id: str) -> str:
    """The name under which an element's entry travels in a form."""
    return json.dumps([block_id, action_id])


def fingerprint(value: object) -> str:
    """A short name for a definition: the same for as long as it stays the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
