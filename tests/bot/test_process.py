"""docs/process.md says what the lifecycle says."""

import re
from pathlib import Path

from messages.kit.signs import sign
from models.lifecycle.lifecycle import (
    CHASED,
    IN_PRODUCTION,
    LIFECYCLE,
    OPEN,
    PREPARING,
    SETTLED,
    STOPPED,
    Gate,
    State,
)

PROCESS = (Path(__file__).parents[2] / "docs/process.md").read_text()


def _rows(heading: str) -> list[list[str]]:
    """The cells of the tables below ``heading``, without their headings."""
    section = re.search(rf"^#+ {heading}$(.*?)(?=^#+ |\Z)", PROCESS, re.MULTILINE | re.DOTALL)
    assert section, heading
    lines = [line for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[2:-1].split("|")] for line in lines if not line.startswith("| ---")]


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([a-z_]+)`", cell))


def test_the_verbs_of_the_process_are_the_rows_of_the_lifecycle() -> None:
    written = [
        (verb, _codes(sources), _codes(target), _codes(who), "never the requester" in who, _codes(gate))
        for verb, sources, target, who, gate in _rows("Verbs")[1:]
    ]
    assert written == [
        (
            f"`{row.verb}`",
            tuple(row.sources),
            (row.target,) if row.target else (),
            row.who,
            row.apart,
            (row.gate,) if row.gate else (),
        )
        for row in LIFECYCLE
    ]


def test_the_states_of_the_process_are_those_of_the_lifecycle() -> None:
    written = [(state, words, mark) for state, words, _, mark in (row for row in _rows("States") if len(row) == 4)]
    assert written[1:] == [(f"`{state}`", state.words, f":{sign(state)}:") for state in State]


def test_the_groups_of_states_of_the_process_are_those_of_the_lifecycle() -> None:
    groups = {name: states for name, states, _ in (row for row in _rows("States") if len(row) == 3)}
    assert {_codes(groups["Open"]), _codes(groups["Preparing"])} == {tuple(OPEN), tuple(PREPARING)}
    assert _codes(groups["In production"]) == tuple(IN_PRODUCTION)
    assert _codes(groups["Stopped"]) == tuple(STOPPED)
    assert (*PREPARING, *_codes(groups["Chased"])) == tuple(CHASED)
    assert (*STOPPED, *_codes(groups["Settled"])) == tuple(SETTLED)


def test_every_gate_is_explained() -> None:
    assert {_codes(row[0])[0] for row in _rows("Gates")[1:] if row[0]} == set(Gate)
