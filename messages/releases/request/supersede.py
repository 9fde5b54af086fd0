"""Superseding a release: the form that asks by which newer one, and the answer."""

from messages.kit.blocks import Message, View, modal, option, paragraph, section
from messages.kit.inputs import input_block, select, text_area
from messages.kit.text import cut, say
from models.releases.request.supersede import Supersedable, Superseded

SUPERSEDE_FORM = "release:supersede_form"


def supersede_form(about: Supersedable) -> View:
    """*Supersede*: what happens, by which release, and why."""
    options = [option(cut(f"{one.identifier} {one.title}", 75), str(one.id)) for one in about.choices]
    chosen = options[0]["value"] if len(options) == 1 else None
    blocks = [
        section(say("request.supersede_intro", about=about)),
        input_block("newer", "Superseded by", select("value", options, chosen)),
        input_block("reason", "Reason", text_area(), optional=True),
    ]
    return modal(SUPERSEDE_FORM, "Supersede", blocks, submit="Supersede", metadata={"r": about.id})


def superseded(done: Superseded) -> Message:
    """The answer to the person who superseded a release."""
    return paragraph(say("request.superseded", done=done))
