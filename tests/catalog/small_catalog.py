"""A small catalog to make mistakes in."""

import pytest

from models.catalog.mistakes import CatalogMistakes
from models.catalog.reader import read_catalog

SMALL = """\
version: 1
services:
  - key: PAY
    name: Payments
    channel: C0PAY
    owner: U0OLGA
    roles:
      release_manager: [U0RITA, U0SAM]
      test_manager: [U0TOM]
    configuration_items:
      - {key: api, kind: software, name: API, version: "9.1"}
    policy:
      types:
        minor: {approvals: {release_manager: 1, owner: 1}}
      plan:
        - {phase: training, title: Train, due: T-5d, owner: test_manager}
"""


def mistakes(content: str | bytes) -> list[str]:
    """The mistakes in ``content``, a line each."""
    with pytest.raises(CatalogMistakes) as caught:
        read_catalog(content.encode() if isinstance(content, str) else content)
    return [str(mistake) for mistake in caught.value.mistakes]


def with_line(number: int, line: str) -> str:
    """The small catalog with one line replaced."""
    lines = SMALL.splitlines()
    lines[number - 1] = line
    return "\n".join(lines)


def with_policy(*lines: str) -> str:
    """The small catalog with more in its policy, from line 13 on."""
    found = SMALL.splitlines()
    return "\n".join([*found[:12], *(f"      {line}" for line in lines), *found[12:]])
