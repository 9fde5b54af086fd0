"""People who left, guests, people of other teams and groups that are gone hold no right and are named nowhere."""

from datetime import timedelta

import pytest
import yaml

from models.calendar.addresses import make_address
from models.calendar.feed import feed_at
from models.catalog.document import Catalog
from models.catalog.export import export_catalog
from models.catalog.mistakes import CatalogMistakes
from models.catalog.reader import read_catalog
from models.environments.arbiters import manager_of
from models.errors import Invalid, NotFound, Refused
from models.home.home import read_home
from models.lifecycle.access import holders_that_answer
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.activities import Activities
from models.membership.rights import Kind
from models.membership.tables import Person
from models.people.directory_refresh import Profile, remember_group, remember_people
from models.people.freshness import TRUSTED
from models.releases.activities.go_no_go import say_go
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.rules.people import people as people_rule
from models.releases.policy.surroundings import surroundings
from models.services.apply import apply_catalog
from tests.conftest import example_document, put_catalog
from tests.factories import insert, make_release
from tests.releases.steps import by, requested

OUTSIDERS = [
    Profile("U0RITA", "Rita", "UTC", active=False),
    Profile("U0RITA", "Rita", "UTC", active=True, kind=Kind.GUEST),
    Profile("U0RITA", "Rita", "UTC", active=True, kind=Kind.STRANGER),
    Profile("U0RITA", "Rita", "UTC", active=True, kind=Kind.BOT),
]


async def catalog_of(work) -> Catalog:
    async with work.reading() as snapshot:
        return await snapshot.catalog()


@pytest.mark.parametrize("rita", OUTSIDERS)
async def test_who_is_no_member_approves_nothing_and_is_not_named_as_somebody_who_could(
    work, catalog, people, rita
):
    release = await requested(work)
    await remember_people(work, [rita])
    for person in ("U0RITA", "U0BOB"):
        with pytest.raises(Refused) as refused:
            await approve_release(work, by(person), release, 1)
        assert "Rita" not in str(refused.value)
    assert "Olga" in str(refused.value)
    pay = (await catalog_of(work)).by_key["PAY"]
    assert holders_that_answer(pay, ("release_manager",)) == ("U0OLGA",)
    assert pay.as_written() == catalog.by_key["PAY"].as_written()
    await remember_people(work, [Profile("U0RITA", "Rita", "UTC", active=True)])
    await approve_release(work, by("U0RITA"), release, 1)


async def test_a_guest_whom_the_catalog_lists_keeps_every_right_and_one_who_left_does_not(work, people):
    document = example_document()
    document["guests"] = ["U0RITA", "U0OLGA"]
    await put_catalog(work, document)
    release = await requested(work)
    guest, gone = OUTSIDERS[1], Profile("U0OLGA", "Olga", "UTC", active=False, kind=Kind.GUEST)
    await remember_people(work, [guest, gone])
    await approve_release(work, by("U0RITA"), release, 1)
    with pytest.raises(Refused):
        await approve_release(work, by("U0OLGA"), release, 1)


async def test_guests_named_before_the_upgrade_keep_their_rights_until_the_catalog_lists_guests(work, catalog):
    await insert(work, Person(id="U0RITA", name="Rita", kept=True))
    await remember_people(work, [OUTSIDERS[1]])
    assert "U0RITA" not in (await catalog_of(work)).barred
    listing = Catalog.model_validate({**example_document(), "guests": ["U0TOM"]})
    await apply_catalog(work, by("U0PETRA"), listing)
    assert "U0RITA" in (await catalog_of(work)).barred


async def test_a_group_that_is_gone_and_its_guests_hold_nothing(work, people):
    document = example_document()
    document["services"][0]["roles"]["test_manager"] = ["S0MANAGERS"]
    document["services"][0]["policy"]["types"]["minor"]["approvals"] = {"test_manager": 1}
    await put_catalog(work, document)
    release = await requested(work)
    await remember_people(work, [OUTSIDERS[1]])
    with pytest.raises(Refused, match="for the members of this workspace"):
        await approve_release(work, by("U0RITA"), release, 1)
    await remember_people(work, [Profile("U0RITA", "Rita", "UTC", active=True)])
    await remember_group(work, "S0MANAGERS", (), gone=True)
    pay = (await catalog_of(work)).by_key["PAY"]
    assert (pay.holders("test_manager"), pay.named("test_manager")) == ((), ("S0MANAGERS",))
    with pytest.raises(Refused, match="nobody whom the catalog names in test manager is left"):
        await approve_release(work, by("U0RITA"), release, 1)


async def test_a_role_that_has_nobody_left_is_a_finding_that_says_who_can_mend_it(work, catalog, people):
    await remember_people(work, [Profile("U0RITA", "Rita", "UTC", active=False)])
    sentence = await _finding(work)
    assert "Nobody in Payments is left in the role release manager, which has to approve it." in sentence
    assert sentence.endswith("Olga can name somebody in the catalog.")
    await remember_people(work, [Profile("U0OLGA", "Olga", "UTC", active=False)])
    assert (await _finding(work)).endswith("Petra can name somebody in the catalog.")


async def _finding(work) -> str:
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        facts = PolicyFacts(
            catalog=catalog,
            service=catalog.by_key["PAY"],
            requester="U0ANN",
            requested_at=snapshot.now,
            type="minor",
        )
        found = people_rule(facts, await surroundings(snapshot.session, facts, 0, snapshot.now))
    return next(one.sentence for one in found if "release manager" in one.sentence)


async def test_an_environment_whose_manager_left_is_the_process_owners(work, catalog, people):
    await remember_people(work, [Profile("U0EVA", "Eva", "UTC", active=False)])
    assert manager_of(await catalog_of(work), "staging") == "U0PETRA"


async def test_a_guest_stands_in_for_nobody(work, catalog, people):
    await remember_people(work, [Profile("U0BOB", "Bob", "UTC", active=True, kind=Kind.GUEST)])
    with pytest.raises(Invalid) as wrong:
        await delegate_approvals(work, by("U0RITA"), DelegationForm("U0BOB"), "n")
    assert wrong.value.problems == {
        "delegate": "Bob is a guest, who can't stand in for anybody. Choose somebody else."
    }


async def test_a_guests_home_and_calendar_are_closed(work, catalog, people):
    mine = await make_address(work, by("U0RITA"), "C0PAY", "PAY", "https://desk.example", "d1")
    channels = await make_address(work, by("U0RITA"), "C0PAY", "here", "https://desk.example", "d2")
    await remember_people(work, [OUTSIDERS[2]])
    async with work.reading() as snapshot:
        now_holds = await snapshot.catalog()
        home = await read_home(snapshot.session, now_holds, "U0RITA", snapshot.now, everything=False)
        assert home.closed.startswith("Release Desk is for the members of this workspace.")
        for made in (mine, channels):
            secret = made.address.rpartition("/")[2].removesuffix(".ics")
            with pytest.raises(NotFound):
                await feed_at(snapshot.session, now_holds, secret, snapshot.now)


async def test_what_slack_confirmed_a_day_ago_approves_nothing_but_breaks_the_glass(work, catalog, clock):
    release = await requested(work)
    await remember_people(work, [Profile(one, one, "UTC", active=True) for one in ("U0RITA", "U0OLGA", "U0DANA")])
    tested = await make_release(work, State.READY)
    await insert(work, Activities(release_id=tested.id))
    clock.move(TRUSTED - timedelta(seconds=1))
    await approve_release(work, by("U0RITA"), release, 1)
    clock.move(timedelta(seconds=1))
    for attempt in (approve_release(work, by("U0OLGA"), release, 1), say_go(work, by("U0OLGA"), tested.id)):
        with pytest.raises(Refused, match="Slack doesn't answer"):
            await attempt
    await break_glass(work, by("U0DANA"), release, 1, "The shop is down")


async def test_a_right_through_a_group_rests_on_when_the_group_was_read(work, people, clock):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["S0MORE"]
    await put_catalog(work, document)
    await remember_group(work, "S0MORE", ["U0RITA"])
    release = await requested(work)
    clock.move(TRUSTED)
    with pytest.raises(Refused, match="Slack doesn't answer"):
        await approve_release(work, by("U0RITA"), release, 1)
    await remember_group(work, "S0MORE", ["U0RITA"])
    await approve_release(work, by("U0RITA"), release, 1)


@pytest.mark.parametrize("wrong", ["S0GROUP", "u0ann", "Ann", "U0ANN!", ""])
def test_guests_are_people_by_their_ids(wrong):
    document = {**example_document(), "guests": [wrong]}
    with pytest.raises(CatalogMistakes, match="guests"):
        read_catalog(_yaml(document))


def test_guests_survive_the_export():
    listed = read_catalog(_yaml({**example_document(), "guests": ["U0GIL", "W0PAT"]}))
    assert read_catalog(export_catalog(listed).encode()).guests == ("U0GIL", "W0PAT")


def _yaml(document) -> bytes:
    return yaml.safe_dump(document).encode()
