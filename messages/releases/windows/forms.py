"""The modals that move a missed window and extend an overrun one."""

from datetime import datetime

from messages.kit.blocks import View, modal, option, section
from messages.kit.inputs import input_block, moment_picker, select, text_area
from messages.kit.text import say
from models.releases.windows.extend import Extendable
from models.releases.windows.reschedule import Reschedulable

RESCHEDULE_FORM = "release:reschedule_form"

EXTEND_FORM = "release:extend_form"


def reschedule_form(about: Reschedulable) -> View:
    """Free windows to choose from, or any other."""
    options = [option(one.words, _packed(one.start, one.end)) for one in about.free]
    blocks = [section(say("windows.reschedule_intro", about=about))]
    if options:
        blocks.append(input_block("window", "Free windows", select("value", options, options[0]["value"])))
    another = "Or another start" if options else "Start"
    hint = "With an end, it takes the place of the free window." if options else ""
    blocks.append(input_block("start", another, moment_picker(), optional=bool(options), hint=hint))
    blocks.append(input_block("end", "Its end" if options else "End", moment_picker(), optional=bool(options)))
    return modal(
        RESCHEDULE_FORM, "Reschedule", blocks, submit="Reschedule", metadata={"r": about.id, "n": about.round}
    )


def window_of(packed: str) -> tuple[datetime, datetime]:
    """The window that a choice of the form carries."""
    start, end = packed.split("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def extend_form(about: Extendable) -> View:
    return modal(
        EXTEND_FORM,
        "Extend",
        [
            section(say("windows.extend_intro", about=about)),
            input_block("until", "Until", moment_picker(about.latest)),
            input_block("reason", "Reason", text_area()),
        ],
        submit="Extend",
        metadata={"r": about.id},
    )


def _packed(start: datetime, end: datetime) -> str:
    return f"{start.isoformat()}/{end.isoformat()}"
