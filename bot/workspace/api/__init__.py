"""The methods of the Web API."""

from bot.workspace.api import auth, chat, conversations, reactions_and_pins, users, views
from bot.workspace.api.methods import METHODS, Call, Method

__all__ = ["METHODS", "Call", "Method", "auth", "chat", "conversations", "reactions_and_pins", "users", "views"]
