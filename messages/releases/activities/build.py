"""The modal in which a build is recorded."""

from collections.abc import Sequence

from messages.kit.blocks import View, modal, section
from messages.kit.inputs import input_block, text_area, text_input
from messages.kit.text import cut, say
from models.text import either

BUILD_FORM = "release:build_form"


def build_form(release_id: int, identifier: str, nonce: str, sources: Sequence[str] = ()) -> View:
    """*Record build*; ``nonce`` makes submitting it twice harmless. ``sources`` are the controlled ones."""
    from_where = "A controlled one: a repository."
    if sources:
        from_where = cut(f"A controlled one: {either(sources)}.", 150)
    return modal(
        BUILD_FORM,
        "Record build",
        [
            section(say("activities.build_intro", identifier=identifier)),
            input_block("what", "What was built", text_area()),
            input_block("source", "Source", text_input(max_length=300), hint=from_where),
            input_block("revision", "Revision", text_input(max_length=100), hint="A tag or a commit."),
            input_block("artefact", "Checksum or link", text_input(max_length=1000)),
            input_block("checked", "Pre-handover check", text_area(), hint="What was checked before test gets it."),
        ],
        submit="Record",
        metadata={"r": release_id, "f": nonce},
    )
