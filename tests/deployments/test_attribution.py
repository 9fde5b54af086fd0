from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.deployments import ask_for_release, attribute, confirm_nobodys
from handlers.dispatch.answers import Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from messages.deployments import ATTRIBUTE, CONFIRM_UNRECORDED, render
from messages.kit.blocks import value
from models import outbox
from models.audit import AuditEntry
from models.deployments.attribution import attribute_to_release, confirm_unrecorded, release_choices
from models.deployments.queries import report_record as load
from models.deployments.receive import receive_report
from models.deployments.records import ReportRecord
from models.deployments.tables import DeploymentReport
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.tables.release import Deployment
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, put_catalog
from tests.deployments.bodies import reporting_document
from tests.deployments.test_messages import buttons
from tests.deployments.test_receive import adoption, report, rows
from tests.factories import make_deployment, make_release
from tests.slack_limits import assert_valid_message, assert_valid_view

DANA = Actor(person="U0DANA", surface="button")

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _asked(work: UnitOfWork, people: dict[str, str]) -> None:
    """A deployment of PAY that matches no release."""
    await put_catalog(work, reporting_document())
    await receive_report(work, report(), "d1")


async def record(work: UnitOfWork) -> ReportRecord:
    async with work.reading() as snapshot:
        found = await load(snapshot.session, await snapshot.catalog(), 1)
    assert found is not None
    return found


@pytest.mark.parametrize(("approved_before", "adopted"), [(HOUR, True), (-HOUR, False), (None, False)])
async def test_it_belongs_to_a_release_and_is_adopted_if_that_was_approved_before(
    work: UnitOfWork, approved_before: timedelta | None, adopted: bool
) -> None:
    approved_at = MORNING - approved_before if approved_before else None
    release = await make_release(work, "approved", approved_at=approved_at)

    tied = await attribute_to_release(work, DANA, 1, release.identifier.lower())

    assert (tied.identifier, tied.adopted) == (release.identifier, adopted)
    (deployment,) = await rows(work, Deployment)
    assert (deployment.release_id, deployment.adopted) == (release.id, adopted)
    assert (await adoption(work)).part == int(adopted)
    (entry,) = [one for one in await rows(work, AuditEntry) if one.tag == "deployment:settled"]
    assert (entry.person, entry.release_id) == ("U0DANA", release.id)
    async with work.database.reading() as session:
        row = await outbox.message_by_key(session, "deployment_report:1")
    assert row is not None
    assert (row.wanted, row.recipient) == (2, "C0PAY")


async def test_a_deployment_that_was_recorded_for_the_release_is_not_counted_twice(work: UnitOfWork) -> None:
    release = await make_release(work, "deployed", approved_at=MORNING - HOUR)
    recorded = await make_deployment(work, release)

    await attribute_to_release(work, DANA, 1, release.identifier)

    assert [one.id for one in await rows(work, Deployment)] == [recorded.id]
    assert (await rows(work, DeploymentReport))[0].deployment_id == recorded.id


async def test_nobody_recorded_it_is_said_once_and_it_may_still_turn_out_to_be_a_releases(work: UnitOfWork) -> None:
    assert buttons(render(await record(work))) == [ATTRIBUTE, CONFIRM_UNRECORDED]
    await confirm_unrecorded(work, DANA, 1)
    await confirm_unrecorded(work, Actor(person="U0RITA", surface="button"), 1)

    shown = await record(work)
    assert shown.settled_by == "U0DANA"
    assert "<@U0DANA> said that nobody recorded it; it counts against adoption." in render(shown).text
    assert buttons(render(shown)) == [ATTRIBUTE]
    release = await make_release(work, "approved")
    await attribute_to_release(work, DANA, 1, release.identifier)
    with pytest.raises(Refused, match=f"This deployment is one of {release.identifier} already"):
        await confirm_unrecorded(work, DANA, 1)
    assert buttons(render(await record(work))) == []


async def test_it_is_for_those_who_know_what_was_deployed(work: UnitOfWork) -> None:
    ann = Actor(person="U0ANN", surface="button")
    sentence = "This is for the deployment staff, release manager or owner of Payments: Dana, Olga or Rita"
    for attempt in (
        release_choices(work, ann, 1),
        attribute_to_release(work, ann, 1, "PAY-2026.001"),
        confirm_unrecorded(work, ann, 1),
    ):
        with pytest.raises(Refused, match=sentence):
            await attempt
    with pytest.raises(NotFound):
        await confirm_unrecorded(work, DANA, 2)


async def test_a_release_that_there_is_not_or_of_another_service_is_named(work: UnitOfWork) -> None:
    web = await make_release(work, "approved", service="WEB", identifier="Release Package 9 v2.0")
    await make_release(work, "approved", identifier="PAY-2026.777")
    with pytest.raises(Invalid) as wrong:
        await attribute_to_release(work, DANA, 1, web.identifier)
    assert wrong.value.problems == {"release": "Release Package 9 v2.0 is a release of WEB, not of PAY."}
    with pytest.raises(Invalid, match=r"There is no release 'PAY-2026.778'\. Did you mean PAY-2026.777"):
        await attribute_to_release(work, DANA, 1, "PAY-2026.778")


async def test_the_buttons_and_the_form_do_it(work: UnitOfWork) -> None:
    desk = Desk(work, work.clock)
    release = await make_release(work, "approved", approved_at=MORNING - HOUR)
    await make_release(work, "cancelled")
    click = Incoming({"actions": [{"value": value(d=1)}]}, "button", "U0DANA", "Dana")

    assert await confirm_nobodys(desk, click) == Nothing()
    opened = await ask_for_release(desk, click)

    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    (asked,) = [one for one in opened.view["blocks"] if one["type"] == "input"]
    (offered,) = asked["element"]["options"]
    assert offered["value"] == release.identifier
    view = {
        "private_metadata": opened.view["private_metadata"],
        "state": {"values": {"release": {"value": {"selected_option": offered}}}},
    }
    said = await attribute(desk, Incoming({"view": view}, "modal", "U0DANA", "Dana"))
    assert isinstance(said, Tell)
    assert_valid_message(said.message)
    assert said.message.text == (
        f"The deployment is one of {release.identifier} now. It counts as having gone through the process."
    )


async def test_the_release_that_is_being_deployed_is_asked_to_be_marked(work: UnitOfWork) -> None:
    await make_release(work, "deploying", started_at=MORNING - HOUR, approved_at=MORNING - 2 * HOUR)
    await receive_report(work, report(id="2"), "d2")
    async with work.reading() as snapshot:
        (found,) = (
            await snapshot.session.exec(select(DeploymentReport).where(DeploymentReport.reference == "PAY#2"))
        ).all()
        shown = await load(snapshot.session, await snapshot.catalog(), found.id)
    assert shown is not None
    assert "is in production since" in render(shown).text
    assert render(shown).text.endswith("Mark it deployed once it is verified.")
