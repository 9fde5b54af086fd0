"""The words for people whom Slack doesn't call members of the workspace."""

from collections.abc import Mapping

from models.membership.rights import Kind

OUTSIDER: Mapping[str, str] = {
    Kind.GUEST: "a guest",
    Kind.STRANGER: "of another workspace",
    Kind.BOT: "a bot",
}

NOT_FOR_OUTSIDERS = (
    "Release Desk is for the members of this workspace. Guests, bots and people of other workspaces can use it "
    "once its catalog lists them under guests: ask the process owner, or whoever runs Release Desk."
)

NOT_KNOWN_YET = "Slack hasn't said yet who you are, so nothing was changed. Try again in a minute."

HOME_NOT_KNOWN_YET = "Slack hasn't said yet who you are. Open this page again in a minute."
