"""The message, modal or Home that blocks are drawn in, and where its controls report to."""

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

    `key` is unique on the page. Controls report to the address `act` and get suggestions from `suggest`. `values`
    is what is entered (block_id, action_id, state value), `errors` what is shown under each input, by block_id.
    """

    kind: Literal["message", "modal", "home"]
    key: str
    act: str
    suggest: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def dom_id(self, *parts: str) -> str:
        """An id for the page from ids that the app chose: always valid, and different for different parts."""
        return "-".join(NOT_IN_IDS.sub(lambda found: f"_{ord(found[0]):x}", part) for part in (self.key, *parts))

    def entered(self, block_id: str, action_id: str) -> Json | None:
        """The state value of an element; `None` when nothing was entered."""
        return self.values.get(block_id, {}).get(action_id)


def field_name(block_id: str, action_id: str) -> str:
    """The name of an element's fields in a form."""
    return json.dumps([block_id, action_id])


def fingerprint(value: object) -> str:
    """Changes when `value` does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
