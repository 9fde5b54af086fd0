"""The modal in which a release is reviewed after its handover."""

from messages.kit.blocks import View, modal, option, section
from messages.kit.inputs import input_block, select, text_area
from messages.kit.text import say

REVIEW_FORM = "release:review_form"


def review_form(release_id: int, identifier: str) -> View:
    """*Review*: did the release do what it was for, and what did we learn?"""
    answers = [option("Yes", "yes"), option("Partly", "partly"), option("No", "no")]
    return modal(
        REVIEW_FORM,
        "Review",
        [
            section(say("activities.review_intro", identifier=identifier)),
            input_block("worked", "Did it do what it was for?", select("value", answers, None, "Choose")),
            input_block("review", "What shows it, and what did we learn", text_area()),
        ],
        submit="Save",
        metadata={"r": release_id},
    )
