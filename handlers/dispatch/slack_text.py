"""Text as Slack sends it, read as the person typed it: links by their words, entities as their characters."""

import re

from models.text import storable

_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]*)(?:\|([^<>]*))?>")

_MARK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def command_as_typed(text: str) -> str:
    """The text of a command; mentions stay as Slack marks them, because verbs read them."""
    return _without_entities(_LINK.sub(lambda link: link[2] or link[1], text))


def message_as_typed(text: str) -> str:
    """The text of a message without its markup; a mention that carries no name becomes its id."""
    return storable(_without_entities(_MARK.sub(lambda mark: mark[2] or mark[1].lstrip("@#!"), text)))


def _without_entities(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
