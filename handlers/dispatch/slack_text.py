"""Slack's message text as a person would type it: links by their words, entities as their characters."""

import re

from models.text import storable

_MARK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def as_typed(text: str) -> str:
    """``text`` of a message without its markup; mentions that carry no name stay as the id they are."""
    words = _MARK.sub(lambda mark: mark[2] or mark[1].lstrip("@#!"), text)
    for entity, character in _ENTITIES:
        words = words.replace(entity, character)
    return storable(words)
