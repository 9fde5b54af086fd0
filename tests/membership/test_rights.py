"""Who may hold a right at all, and where a payload comes from: tables of what Slack sends."""

import pytest

from models.membership.rights import (
    NOWHERE,
    Kind,
    Workspace,
    is_event_of_ours,
    is_foreign,
    kind_of,
    may_hold_rights,
)

TEAM = Workspace("T0US")
GRID = Workspace("T0US", "E0US")
ORG = Workspace.of({"team_id": "E0US", "enterprise_id": "E0US", "is_enterprise_install": True})


COLLEAGUE = {"enterprise_user": {"enterprise_id": "E0US"}}


@pytest.mark.parametrize(
    ("user", "ours", "kind"),
    [
        ({"team_id": "T0US"}, TEAM, Kind.MEMBER),
        ({"team_id": "T0US", "is_restricted": True}, TEAM, Kind.GUEST),
        ({"team_id": "T0US", "is_ultra_restricted": True}, TEAM, Kind.GUEST),
        ({"team_id": "T0US", "is_bot": True}, TEAM, Kind.BOT),
        ({"team_id": "T0US", "is_workflow_bot": True}, TEAM, Kind.BOT),
        ({"id": "USLACKBOT", "team_id": "T0US"}, TEAM, Kind.BOT),
        ({"team_id": "T0US", "is_stranger": True}, TEAM, Kind.STRANGER),
        ({"team_id": "T0THEM", "is_stranger": False}, TEAM, Kind.STRANGER),
        ({"team_id": "T0THEM", "is_restricted": True}, TEAM, Kind.STRANGER),
        ({"team_id": "T0THEM", "enterprise_user": {"enterprise_id": "E0US"}}, TEAM, Kind.STRANGER),
        ({"team_id": "T0OTHER", **COLLEAGUE}, GRID, Kind.MEMBER),
        ({"team_id": "T0OTHER", "is_stranger": True, **COLLEAGUE}, GRID, Kind.MEMBER),
        ({"team_id": "T0OTHER", "is_restricted": True, **COLLEAGUE}, GRID, Kind.GUEST),
        ({"team_id": "T0THEM", "enterprise_user": {"enterprise_id": "E0THEM"}}, GRID, Kind.STRANGER),
        ({"team_id": "E0US"}, ORG, Kind.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0US"}}, ORG, Kind.MEMBER),
        ({"team_id": "T0THEM"}, ORG, Kind.STRANGER),
        ({}, TEAM, Kind.MEMBER),
        ({"team_id": "T0ANY"}, NOWHERE, Kind.MEMBER),
    ],
)  # fmt: skip
def test_what_somebody_is(user, ours, kind):
    assert kind_of({"id": "U0ANN", **user}, ours) == kind


@pytest.mark.parametrize(
    ("kind", "active", "named", "may"),
    [
        (Kind.MEMBER, True, False, True),
        (Kind.UNKNOWN, True, False, True),
        (Kind.GUEST, True, False, False),
        (Kind.GUEST, True, True, True),
        (Kind.STRANGER, True, False, False),
        (Kind.STRANGER, True, True, True),
        (Kind.BOT, True, False, False),
        (Kind.BOT, True, True, True),
        (Kind.MEMBER, False, True, False),
        (Kind.GUEST, False, True, False),
    ],
)
def test_who_may_hold_a_right(kind, active, named, may):
    assert may_hold_rights(kind, active=active, named=named) is may


def click(team="T0US", user="T0US", enterprise=None, installed=None, team_enterprise=None):
    return {
        "team": {"id": team, "enterprise_id": team_enterprise} if team else None,
        "user": {"id": "U0ANN", "team_id": user},
        "enterprise": {"id": enterprise} if enterprise else None,
        "view": {"app_installed_team_id": installed} if installed else None,
    }


@pytest.mark.parametrize(
    ("payload", "ours", "foreign"),
    [
        (click(), TEAM, False),
        (click(user=None), TEAM, False),
        (click(user="T0THEM"), TEAM, True),
        (click(team="T0THEM"), TEAM, True),
        (click("T0THEM", "T0THEM", installed="T0US"), TEAM, True),
        (click(installed="T0THEM"), TEAM, True),
        (click("T0OTHER", "T0OTHER", "E0US"), TEAM, True),
        (click("T0OTHER", "T0OTHER", "E0US"), GRID, False),
        (click("T0OTHER", "T0OTHER"), GRID, False),
        (click("T0THEM", "T0THEM", "E0THEM"), GRID, True),
        (click("T0THEM", "T0THEM", team_enterprise="E0THEM"), GRID, True),
        (click("T0THEM", "T0THEM", "E0US", team_enterprise="E0THEM"), GRID, True),
        (click(None, "T0OTHER", "E0US"), ORG, False),
        (click(None, "E0US", "E0US"), ORG, False),
        (click(None, "T0THEM", "E0THEM"), ORG, True),
        ({"team_id": "T0US", "user_id": "U0ANN"}, TEAM, False),
        ({"team_id": "T0THEM", "user_id": "U0ANN"}, TEAM, True),
        ({"team_id": "T0OTHER", "enterprise_id": "E0US", "user_id": "U0ANN"}, GRID, False),
        ({"team_id": "T0THEM", "enterprise_id": "E0THEM", "user_id": "U0ANN"}, GRID, True),
        ({"team": "nonsense", "user": ["U0ANN"]}, TEAM, False),
        (click("T0THEM", "T0THEM"), NOWHERE, False),
    ],
)
def test_where_a_payload_comes_from(payload, ours, foreign):
    assert is_foreign(payload, ours) is foreign


@pytest.mark.parametrize(
    ("body", "ours", "taken"),
    [
        ({"team_id": "T0US"}, TEAM, True),
        ({"team_id": "T0THEM"}, TEAM, False),
        ({"team_id": "T0THEM", "authorizations": [{"team_id": "T0US", "enterprise_id": None}]}, TEAM, True),
        ({"team_id": "T0US", "authorizations": [{"team_id": "T0THEM"}]}, TEAM, False),
        ({"team_id": "T0OTHER", "authorizations": [{"team_id": None, "enterprise_id": "E0US"}]}, ORG, True),
        ({"team_id": "T0THEM", "authorizations": [{"enterprise_id": "E0THEM"}]}, GRID, False),
        ({}, TEAM, False),
        ({}, NOWHERE, True),
    ],
)
def test_which_events_are_for_us(body, ours, taken):
    assert is_event_of_ours(body, ours) is taken
