"""Who may hold a right at all, whatever the catalog says: docs/process.md#people-of-the-workspace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The team that Release Desk is installed in, and its enterprise; empty where Slack names none."""

    team: str = ""
    enterprise: str = ""

    @classmethod
    def of(cls, identity: Mapping[str, Any]) -> "Workspace":
        """From Slack's answer to ``auth.test``; an org-wide installation may name the enterprise as its team."""
        return cls(str(identity.get("team_id") or ""), str(identity.get("enterprise_id") or ""))

    def owns(self, team_or_enterprise: object) -> bool:
        return bool(team_or_enterprise) and team_or_enterprise in (self.team, self.enterprise)


NOWHERE = Workspace()
"""As long as Slack hasn't said where Release Desk is installed."""


class Kind(StrEnum):
    """What somebody is in the workspace; the values are stored."""

    UNKNOWN = ""
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"


def kind_of(user: Mapping[str, Any], ours: Workspace) -> Kind:
    """What the user object of ``users.info`` says somebody is; a stranger is of another team."""
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == SLACKBOT:
        return Kind.BOT
    if _is_stranger(user, ours):
        return Kind.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Kind.GUEST
    return Kind.MEMBER


def _is_stranger(user: Mapping[str, Any], ours: Workspace) -> bool:
    """Slack may call people of our own enterprise strangers, and doesn't call those of a shared channel so."""
    enterprise, team = _named(user.get("enterprise_user")).get("enterprise_id"), user.get("team_id")
    if ours.enterprise and enterprise == ours.enterprise:
        return False
    elsewhere = bool(ours.team or ours.enterprise) and bool(team) and not ours.owns(team)
    return elsewhere or bool(user.get("is_stranger"))


def may_hold_rights(kind: str, *, active: bool, named: bool) -> bool:
    """Whether somebody may hold a right; ``named``: the catalog names them among its ``guests``.

    Slack may not have been asked yet who they are: then the catalog's word holds.
    """
    return active and (named or kind in (Kind.UNKNOWN, Kind.MEMBER))


def is_foreign(payload: Mapping[str, Any], ours: Workspace) -> bool:
    """Whether a payload about what a person did comes from another team, neither ours nor our enterprise's.

    In a channel that teams share, the payload's team is that of the person, and ``app_installed_team_id`` that of
    the app. Where we have an enterprise, a team that may be of it isn't foreign: ``users.info`` tells.
    """
    if not (ours.team or ours.enterprise):
        return False
    installed = (payload.get("view") or {}).get("app_installed_team_id")
    team, user = _named(payload.get("team")), _named(payload.get("user"))
    teams = {installed, team.get("id"), payload.get("team_id"), user.get("team_id")} - {None, ""}
    elsewhere = {one for one in teams if not ours.owns(one)}
    if not elsewhere:
        return False
    enterprises = {
        _named(payload.get("enterprise")).get("id"),
        payload.get("enterprise_id"),
        team.get("enterprise_id"),
    } - {None, ""}
    return not ours.enterprise or any(one != ours.enterprise for one in enterprises)


def is_event_of_ours(body: Mapping[str, Any], ours: Workspace) -> bool:
    """Whether an event was delivered to our installation.

    ``team_id`` is where it happened, which for a channel of several teams may be another one; ``authorizations``
    say for whom it was delivered.
    """
    if not (ours.team or ours.enterprise):
        return True
    authorizations: Collection[Any] = body.get("authorizations") or ()
    named = [one for entry in authorizations for one in (entry.get("team_id"), entry.get("enterprise_id")) if one]
    return any(map(ours.owns, named or [one for one in (body.get("team_id"), body.get("enterprise_id")) if one]))


def _named(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
