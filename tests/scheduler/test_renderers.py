"""The table of messages holds what use cases wish for."""

import ast

from scheduler.renderers import RENDERERS
from tests.architecture.modules import called, nodes


def test_every_message_that_is_wished_for_has_a_renderer_and_no_other():
    wished = {message for _, node in nodes("models") if isinstance(node, ast.Call) for message in _messages(node)}
    assert wished == set(RENDERERS)


def _messages(call: ast.Call) -> list[str]:
    """The messages that a call names: ``Post(message="home")`` or ``thread_post("task_reminder", ...)``."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "message"]
    if called(call) == "thread_post":
        named += call.args[:1]
    return [node.value for node in named if isinstance(node, ast.Constant)]
