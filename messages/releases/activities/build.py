"""The modals of building, backing out and reviewing a release."""

from typing import Any

from messages.kit.blocks import Element, input_block, modal, option, section, select, text_input
from messages.kit.text import say

BUILD_FORM = "release:build_form"

REVIEW_FORM = "release:review_form"


def build_form(release_id: int, identifier: str, nonce: str) -> dict[str, Any]:
    """Record what was built."""
    return modal(
        BUILD_FORM,
        "Record build",
        [
            section(say("activities.build_intro", identifier=identifier)),
            input_block("what", "What was built", _long()),
            input_block("source", "Source", text_input(max_length=300), hint="A controlled one: a repository."),
            input_block("revision", "Revision", text_input(max_length=100), hint="A tag or a commit."),
            input_block("artefact", "Checksum or link", text_input(max_length=1000)),
            input_block("checked", "Pre-handover check", _long(), hint="What was checked before test gets it."),
        ],
        submit="Record",
        metadata={"r": release_id, "f": nonce},
    )


def review_form(release_id: int, identifier: str) -> dict[str, Any]:
    """Ask whether a release did what it was for."""
    answers = [option("Yes", "yes"), option("Partly", "partly"), option("No", "no")]
    return modal(
        REVIEW_FORM,
        "Review",
        [
            section(say("activities.review_intro", identifier=identifier)),
            input_block("worked", "Did it do what it was for?", select("value", answers, None, "Choose")),
            input_block("review", "What shows it, and what did we learn", _long()),
        ],
        submit="Save",
        metadata={"r": release_id},
    )


def _long() -> Element:
    return text_input(multiline=True, max_length=3000)
