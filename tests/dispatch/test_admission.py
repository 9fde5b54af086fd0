"""Who is let in, what is read from Slack before, and what holds while Slack doesn't answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.dispatch import admission
from handlers.dispatch.admission import Admission
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from models.errors import Refused
from models.membership.rights import Kind, Workspace
from models.people.directory_refresh import Profile, remember_group, remember_people
from models.people.freshness import TRUSTED
from tests.conftest import example_document, put_catalog

OURS = Workspace("T0US")


class Slack:
    """Knows people by id; ``away`` has it answer nothing, ``slow`` for ever."""

    def __init__(self, work) -> None:
        self.work = work
        self.people: dict[str, Profile] = {}
        self.asked: list[tuple[list[str], list[str]]] = []
        self.away = self.slow = False

    async def read_now(self, people, groups) -> None:
        self.asked.append((sorted(people), sorted(groups)))
        if self.slow:
            await asyncio.Event().wait()
        if not self.away:
            known = [self.people.get(one, Profile(one, one, "UTC", active=True)) for one in people]
            await remember_people(self.work, known)
            for group in groups:
                await remember_group(self.work, group, ["U0RITA"])


@pytest.fixture
def slack(work) -> Slack:
    return Slack(work)


@pytest.fixture
def door(work, clock, slack) -> Admission:
    return Admission(Desk(work, clock, workspace=OURS), slack)


def click(person: str = "U0ANN", team: str = "T0US", **view) -> Incoming:
    payload = {"team": {"id": team}, "user": {"id": person, "team_id": team}, "view": view}
    return Incoming(payload=payload, surface="button", person=person, name="")


async def test_a_person_is_read_at_their_first_click_and_again_after_a_day(door, slack, clock, catalog):
    assert not door.needs_no_look(click())
    for _ in range(2):
        await door.check(click())
    assert door.needs_no_look(click())
    assert slack.asked == [(["U0ANN"], [])]
    clock.move(TRUSTED)
    assert not door.needs_no_look(click())
    await door.check(click())
    assert slack.asked[1:] == [(["U0ANN"], [])]


@pytest.mark.parametrize("kind", [Kind.GUEST, Kind.STRANGER, Kind.BOT])
async def test_outsiders_are_refused_from_their_first_click(door, slack, work, kind):
    await put_catalog(work, {**example_document(), "guests": ["U0GIL"]})
    for person in ("U0BOB", "U0GIL"):
        slack.people[person] = Profile(person, person, "UTC", active=True, kind=kind)
    with pytest.raises(Refused, match="for the members of this workspace"):
        await door.check(click("U0BOB"))
    await door.check(click("U0GIL"))


async def test_payloads_of_another_team_are_refused_unread_but_of_listed_guests(door, slack, work):
    await put_catalog(work, {**example_document(), "guests": ["U0GIL"]})
    with pytest.raises(Refused, match="for the members"):
        await door.check(click("U0ANN", "T0THEM"))
    assert slack.asked == []
    await door.check(click("U0GIL", "T0THEM"))


@pytest.mark.parametrize("person", ["", "ann", "S0GROUP", "U0ANN;--", "U" * 40])
async def test_what_is_no_persons_id_is_refused(door, slack, catalog, person):
    with pytest.raises(Refused):
        await door.check(click(person))
    assert slack.asked == []


async def test_without_slack_strangers_wait_and_known_people_go_on(door, slack, work, clock, catalog, monkeypatch):
    monkeypatch.setattr(admission, "PATIENCE", 0.05)
    await remember_people(work, [Profile("U0ANN", "Ann", "UTC", active=True)])
    clock.move(TRUSTED)
    slack.slow = True
    await door.check(click("U0ANN"))
    with pytest.raises(Refused, match="hasn't said yet who you are"):
        await door.check(click("U0BOB"))
    assert slack.asked == [(["U0ANN"], [])], "Slack is left alone for a moment"
    monkeypatch.setattr(admission, "PATIENCE", 10)
    clock.move(admission.PAUSE)
    slack.slow = False
    await door.check(click("U0BOB"))


async def test_groups_that_nobody_read_for_a_day_are_read_with_the_person(door, slack, work, clock):
    document = example_document()
    document["services"][0]["roles"]["test_manager"] = ["S0TESTERS"]
    await put_catalog(work, document)
    await door.check(click())
    await door.check(click())
    clock.move(TRUSTED)
    await door.check(click())
    assert slack.asked == [(["U0ANN"], ["S0TESTERS"])] * 2


async def test_people_chosen_in_a_form_are_read_too(door, slack, catalog):
    values = {"who": {"a": {"type": "users_select", "selected_user": "U0BOB"}}}
    await door.check(click(state={"values": values}))
    assert slack.asked == [(["U0ANN", "U0BOB"], [])]


async def test_an_event_is_taken_if_it_was_delivered_to_us_with_whether_the_person_is_known(door, slack, catalog):
    body = {"team_id": "T0THEM", "authorizations": [{"team_id": "T0US"}], "event": {"user": "U0ANN"}}
    opened = Incoming.of(body, "event")
    assert door.takes_event(opened)
    assert not door.takes_event(replace(opened, payload={"team_id": "T0THEM", "event": {}}))
    slack.away = True
    assert not (await door.recognize(opened)).known
    slack.away = False
    door._desk.clock.move(timedelta(minutes=1))
    assert (await door.recognize(opened)).known
