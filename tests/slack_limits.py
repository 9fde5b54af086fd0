"""Whether Slack would accept a payload, and what in it would act."""

import json
import re
from typing import Any

from bot.workspace.blockkit.messages_and_views import message_problems, text_length, view_problems
from messages.kit.blocks import Message

HOSTILE = (
    "*bold* _it_ ~strike~ `code` ```pre``` <!channel> <!here> <@U0RITA> <#C0PAY> <https://evil.example|click> "
    "&amp; &lt; > quote\n> quoted :tada: {{ 7*7 }} {% raw %} \u202eexe.gpj\u202c \U0001f9d1\u200d\U0001f680 \x07"
)
"""Everything that must show as typed and never act."""

LONG = (HOSTILE + " ") * 60
"""More than 10,000 characters of it."""

_ACTIVE = re.compile(r"<(?:[!@#]|https?:|mailto:)[^>]*>")


def assert_valid_message(message: Message) -> None:
    """Slack accepts ``message``: its blocks keep every limit and it has a text."""
    assert message.text.strip(), "a message without text tells a phone nothing"
    assert len(message.text) <= 4000
    assert [str(problem) for problem in message_problems(message.blocks)] == []
    assert text_length(message.blocks) <= 13_000


def assert_valid_view(view: dict[str, Any], kind: str = "modal") -> None:
    """Slack accepts ``view``."""
    assert [str(problem) for problem in view_problems(view, kind)] == []


def active_markup(payload: object) -> list[str]:
    """Every mention, channel link and link that Slack would act on in the mrkdwn of ``payload``."""
    found: list[str] = []
    _walk(payload, found)
    return found


def _walk(node: object, found: list[str]) -> None:
    if isinstance(node, Message):
        found += _ACTIVE.findall(node.text)
        _walk(node.blocks, found)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            found += _ACTIVE.findall(node["text"])
        elif node.get("type") in ("user", "usergroup", "broadcast", "channel", "link"):
            found.append(json.dumps(node, sort_keys=True))
        for value in node.values():
            _walk(value, found)
    elif isinstance(node, list):
        for value in node:
            _walk(value, found)
