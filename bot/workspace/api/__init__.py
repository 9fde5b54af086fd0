"""The methods of the Web API."""

from bot.workspace.api import basics, chat, conversations, directory, marks, views
from bot.workspace.api.registry import METHODS, Call, Method

__all__ = ["METHODS", "Call", "Method", "basics", "chat", "conversations", "directory", "marks", "views"]
