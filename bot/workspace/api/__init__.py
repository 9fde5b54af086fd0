"""The methods of the Web API. Importing the package registers them all."""

from bot.workspace.api import auth, blocks, chat, conversations, reactions_and_pins, users, views

__all__ = ["auth", "blocks", "chat", "conversations", "reactions_and_pins", "users", "views"]
