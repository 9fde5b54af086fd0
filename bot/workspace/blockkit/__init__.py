"""What Slack accepts as blocks and views: tables of fields and limits, and one engine that reads them.

Where sources disagree about a limit the smaller one holds here, so that what passes here passes there.
"""

from bot.workspace.blockkit.schema import Problem
from bot.workspace.blockkit.surfaces import (
    MESSAGE_TEXT_LIMIT,
    message_problems,
    options_problems,
    text_length,
    view_problems,
)

__all__ = ["MESSAGE_TEXT_LIMIT", "Problem", "message_problems", "options_problems", "text_length", "view_problems"]
