"""The directory: who is read from Slack, when again, and what a rate limit or a missing group does to it."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from sqlmodel import col, select

from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.people import group_changed, group_disabled, person_changed
from models.lifecycle.lifecycle import State
from models.membership.rights import Workspace
from models.membership.tables import GroupMember, Person, UserGroup
from models.people.directory import remember_first_contact
from models.people.directory_refresh import GROUP_FRESH, PERSON_FRESH
from models.releases.plan.settle_task import hand_task_over
from scheduler.directory import PEOPLE_A_ROUND, Directory
from tests.conftest import example_document, put_catalog
from tests.factories import insert, make_release, make_task
from tests.releases.steps import by, rows


@pytest.fixture
def directory(work, client) -> Directory:
    return Directory(work, client)


async def called(work) -> dict[str, str]:
    return {person.id: person.name for person in await rows(work, Person)}


async def members(work, group: str) -> set[str]:
    query = select(GroupMember.person_id).where(col(GroupMember.group_id) == group)
    async with work.database.reading() as session:
        return set((await session.exec(query)).all())


async def with_group(work) -> None:
    document = example_document()
    document["services"][0]["roles"]["knowledge_manager"] = ["S0KNOW"]
    await put_catalog(work, document)


def calls(slack, method: str) -> int:
    return sum(one.name == method for one in slack.traffic)


async def test_the_people_and_groups_of_the_catalog_are_read_with_the_groups_members(directory, slack, work):
    await with_group(work)
    await directory.refresh()
    await directory.refresh()
    names = await called(work)
    assert names["U0SAM"] == "Sammy"
    assert {"U0PETRA", "U0EVA", "U0OLGA", "U0RITA", "U0KIM", "U0PIA"} <= set(names)
    assert "U0ANN" not in names
    assert await members(work, "S0KNOW") == {"U0KIM", "U0PIA"}
    pia = next(person for person in await rows(work, Person) if person.id == "U0PIA")
    assert (pia.timezone, pia.active) == ("Pacific/Auckland", True)


async def test_what_is_fresh_is_not_asked_for_again_and_what_is_not_is(directory, slack, work, clock):
    await with_group(work)
    await directory.refresh()
    await directory.refresh()
    people, groups = calls(slack, "users.info"), calls(slack, "usergroups.users.list")
    clock.move(GROUP_FRESH)
    await directory.refresh()
    assert (calls(slack, "users.info"), calls(slack, "usergroups.users.list")) == (people, groups + 1)
    slack.people["U0RITA"].real_name = "Rita R."
    clock.move(PERSON_FRESH)
    await directory.refresh()
    assert (await called(work))["U0RITA"] == "Rita R."


async def test_somebody_who_acted_or_was_handed_a_task_gets_their_name(directory, work, catalog):
    await remember_first_contact(work, "U0ANN", "ann")
    await insert(work, Person(id="U0RITA", name="Rita"))
    task = await make_task(work, await make_release(work, State.APPROVED))
    await hand_task_over(work, by("U0RITA"), task.id, "U0BOB")
    await directory.refresh()
    names = await called(work)
    assert (names["U0ANN"], names["U0BOB"]) == ("Ann", "Bob")


async def test_somebody_who_is_gone_keeps_the_last_name_and_is_not_asked_for_again(directory, slack, work, catalog):
    await insert(work, Person(id="U0GONE", name="Gus"))
    await directory.refresh()
    asked = calls(slack, "users.info")
    await directory.refresh()
    gus = next(person for person in await rows(work, Person) if person.id == "U0GONE")
    assert (gus.name, gus.active) == ("Gus", False)
    assert calls(slack, "users.info") == asked


async def test_bots_and_people_who_left_are_known_as_such(directory, slack, work):
    slack.people["U0KIM"].deleted = True
    slack.people["U0PIA"].is_bot = True
    await directory.ensure_known(["U0KIM", "U0PIA", "U0ANN"])
    assert {person.id: (person.active, person.kind) for person in await rows(work, Person)} == {
        "U0KIM": (False, "member"),
        "U0PIA": (True, "bot"),
        "U0ANN": (True, "member"),
    }


async def test_a_stop_waits_for_no_more_than_the_calls_that_are_made(directory, slack, work, catalog):
    directory.stop()
    await directory.refresh()
    await directory.ensure_known(["U0ANN"])
    assert calls(slack, "users.info") == 0


async def test_a_rate_limit_is_obeyed_and_what_was_read_is_kept(directory, slack, work, clock, catalog):
    slack.people["U0PETRA"].real_name = "Petra P."
    await directory.ensure_known(["U0PETRA"])
    slack.faults.add("ratelimited", "users.info", seconds=30)
    await directory.refresh()
    asked = calls(slack, "users.info")
    clock.move(timedelta(seconds=29))
    await directory.refresh()
    await directory.ensure_known(["U0BOB"])
    assert calls(slack, "users.info") == asked
    kept = await called(work)
    assert kept["U0PETRA"] == "Petra P."
    assert "U0OLGA" not in kept
    clock.move(timedelta(seconds=1))
    await directory.refresh()
    assert "U0OLGA" in await called(work)


async def test_people_read_before_an_error_are_not_lost(directory, slack, work):
    slack.faults.add("server_error", "users.info")
    with pytest.raises(SlackApiError):
        await directory.ensure_known(["U0ANN", "U0BOB"])
    await directory.ensure_known(["U0ANN", "U0BOB"])
    assert await called(work) == {"U0ANN": "Ann", "U0BOB": "Bob"}


async def test_a_group_that_slack_does_not_know_leaves_the_others_readable(directory, work):
    document = example_document()
    document["services"][0]["roles"]["knowledge_manager"] = ["S0AWAY", "S0KNOW"]
    await put_catalog(work, document)
    await directory.refresh()
    assert {group.id: group.gone for group in await rows(work, UserGroup)} == {"S0KNOW": False, "S0AWAY": True}
    assert "U0KIM" in await called(work)


async def test_one_round_asks_for_so_many_people_and_the_next_goes_on(directory, slack, work):
    for number in range(PEOPLE_A_ROUND + 10):
        await slack.hire(id=f"U1N{number:03d}", name=f"n{number}", real_name=f"N {number}")
        await insert(work, Person(id=f"U1N{number:03d}", name="?"))
    await directory.refresh()
    assert calls(slack, "users.info") == PEOPLE_A_ROUND
    await directory.refresh()
    assert calls(slack, "users.info") == PEOPLE_A_ROUND + 10
    assert "?" not in (await called(work)).values()


def event(**fields) -> Incoming:
    return Incoming(payload={"event": fields}, surface="event", person="", name="")


async def test_a_reported_change_of_a_person_is_written_if_we_know_them(work, clock):
    desk = Desk(work, clock)
    await insert(work, Person(id="U0ANN", name="Ann"))
    for identity in ("U0ANN", "U0NOBODY"):
        user = {"id": identity, "tz": "Asia/Tokyo", "profile": {"display_name": "Anna", "real_name": "Anna B."}}
        await person_changed(desk, event(type="user_change", user=user))
    assert [(person.id, person.name, person.timezone) for person in await rows(work, Person)] == [
        ("U0ANN", "Anna", "Asia/Tokyo")
    ]


async def test_a_reported_change_of_a_group_is_written_if_we_read_it(directory, work, clock):
    desk = Desk(work, clock)
    change = {"type": "subteam_members_changed", "added_users": ["U0ANN", "U0KIM"], "removed_users": ["U0PIA"]}
    await group_changed(desk, event(subteam_id="S0KNOW", **change))
    assert await members(work, "S0KNOW") == set()
    await with_group(work)
    await directory.refresh()
    for _ in range(2):
        await group_changed(desk, event(subteam_id="S0KNOW", **change))
    assert await members(work, "S0KNOW") == {"U0KIM", "U0ANN"}


async def test_a_group_that_slack_disabled_is_gone_at_once_and_back_when_read_again(directory, slack, work, clock):
    await with_group(work)
    await directory.refresh()
    await slack.disable_group("knowledge")
    shown = {"id": "S0KNOW", "date_delete": 1}
    await group_disabled(Desk(work, clock), event(type="subteam_updated", subteam=shown))
    assert await members(work, "S0KNOW") == set()
    clock.move(GROUP_FRESH)
    await directory.refresh()
    async with work.reading() as snapshot:
        assert (await snapshot.catalog()).by_key["PAY"].holders("knowledge_manager") == ()
    await slack.disable_group("knowledge", disabled=False)
    clock.move(GROUP_FRESH)
    await directory.refresh()
    async with work.reading() as snapshot:
        assert (await snapshot.catalog()).by_key["PAY"].holders("knowledge_manager") == ("S0KNOW",)
    assert await members(work, "S0KNOW") == {"U0KIM", "U0PIA"}


async def test_what_guests_and_people_of_other_teams_are_is_read(directory, slack, work):
    directory.workspace = Workspace(slack.team_id)
    slack.people["U0KIM"].is_ultra_restricted = True
    slack.people["U0PIA"].team = "T0THEM"
    await directory.read_now(["U0KIM", "U0PIA", "U0ANN"], ["S0KNOW"])
    assert {one.id: one.kind for one in await rows(work, Person)} == {
        "U0KIM": "guest",
        "U0PIA": "stranger",
        "U0ANN": "member",
    }
    slack.faults.add("server_error", "*", times=None)
    await directory.read_now(["U0BOB"], [])
    assert "U0BOB" not in await called(work)
