"""The modals that ask why somebody overrides an obstacle or breaks the glass to deploy."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import View, modal, section
from messages.kit.inputs import input_block, text_area
from messages.kit.text import cut, say
from models.releases.activities.break_glass import BreakableGuard
from models.releases.clearance.obstacles import Obstacle
from models.releases.clearance.overrides import Overridable

OVERRIDE_FORM = "release:override_form"

BREAK_GUARD_FORM = "release:break_guard_form"


def override_form(about: Overridable) -> View:
    """It carries what it shows: nothing else is overridden."""
    shown = about.obstacles[: sizes.FORM_FINDINGS]
    return modal(
        OVERRIDE_FORM,
        "Override",
        [
            section(say("clearance.override_intro", about=about)),
            rich.rich_text(_bullets(shown)),
            input_block("reason", "Reason", text_area()),
        ],
        submit="Override",
        metadata={"r": about.id, "n": about.round, "o": [list(one.name) for one in shown]},
    )


def break_guard_form(about: BreakableGuard) -> View:
    return modal(
        BREAK_GUARD_FORM,
        "Break the glass",
        [
            section(say("clearance.break_guard_intro", about=about)),
            rich.rich_text(_bullets(about.obstacles[: sizes.FORM_FINDINGS])),
            input_block("reason", "Reason", text_area()),
        ],
        submit="Break the glass",
        metadata={"r": about.id, "n": about.round},
    )


def _bullets(obstacles: Sequence[Obstacle]) -> dict[str, object]:
    return rich.bullets(*[rich.line(cut(one.text, 400)) for one in obstacles])
