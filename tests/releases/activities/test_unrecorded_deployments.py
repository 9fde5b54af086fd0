import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlers.dispatch.answers import Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.activities.unrecorded import open_record, submit_record
from messages.kit.blocks import value
from messages.releases.activities.unrecorded import record_form
from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.errors import Invalid
from models.events import Actor
from models.kpi.figures import Ratio
from models.kpi.queries import headline
from models.lifecycle.tables.release import Deployment
from models.releases.activities.unrecorded_deployments import UnrecordedDeployment, report_unrecorded
from models.text import storable
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, example_document
from tests.factories import make_deployment, make_release
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

ANN = Actor(person="U0ANN", surface="modal")

HOUR = timedelta(hours=1)


def form(**fields: Any) -> UnrecordedDeployment:
    entered: dict[str, Any] = {"service": "PAY", "deployed_at": MORNING - HOUR, "what": " Hotfix 9.1.1 "}
    return UnrecordedDeployment(**(entered | fields))


async def deployments(work: UnitOfWork) -> list[Deployment]:
    async with work.database.reading() as session:
        return list((await session.exec(select(Deployment))).all())


async def test_it_is_kept_as_not_adopted_and_lowers_adoption(work: UnitOfWork, catalog: Catalog) -> None:
    await make_deployment(work, await make_release(work, "deployed"))

    service = await report_unrecorded(work, ANN, form(), "n1")

    assert service.key == "PAY"
    (kept,) = [one for one in await deployments(work) if one.release_id is None]
    assert (kept.adopted, kept.outcome, kept.what, kept.reported_by) == (False, "deployed", "Hotfix 9.1.1", "U0ANN")
    assert kept.started_at == kept.ended_at == MORNING - HOUR
    async with work.database.reporting() as session:
        assert (await headline(session, catalog, MORNING)).adoption.now == Ratio(1, 2)
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert (entry.tag, entry.subject, entry.person) == ("deployment:unrecorded", str(kept.id), "U0ANN")


async def test_a_form_submitted_twice_records_one(work: UnitOfWork, catalog: Catalog) -> None:
    for nonce in ("n1", "n1", "n2"):
        await report_unrecorded(work, ANN, form(), nonce)

    assert len(await deployments(work)) == 2


async def test_a_form_submitted_twice_in_the_same_moment_records_one(work: UnitOfWork, catalog: Catalog) -> None:
    await asyncio.gather(*(report_unrecorded(work, ANN, form(), "n1") for _ in range(5)))

    assert len(await deployments(work)) == 1


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"service": "HR"}, {"service": "Choose a service of the catalog."}),
        ({"deployed_at": None}, {"deployed_at": "Say when it was deployed."}),
        (
            {"deployed_at": MORNING + HOUR},
            {"deployed_at": "This is still to come. Request a release for it with /release request."},
        ),
        (
            {"deployed_at": MORNING - timedelta(days=4000)},
            {"deployed_at": "This is more than ten years ago. Choose a later moment."},
        ),
        ({"what": "  "}, {"what": "Say what was deployed."}),
        (
            {"what": "x" * 3001},
            {"what": "This is 3,001 characters long; 3,000 is the most. Shorten it or link to the rest."},
        ),
    ],
)
async def test_what_is_wrong_is_said_under_its_field_and_nothing_is_kept(
    work: UnitOfWork, catalog: Catalog, fields: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        await report_unrecorded(work, ANN, form(**fields), "n1")

    assert wrong.value.problems == problems
    assert await deployments(work) == []


async def test_all_that_is_wrong_is_said_at_once(work: UnitOfWork, catalog: Catalog) -> None:
    with pytest.raises(Invalid) as wrong:
        await report_unrecorded(work, ANN, form(service="", deployed_at=None, what=""), "n1")

    assert set(wrong.value.problems) == {"service", "deployed_at", "what"}


async def test_the_form_knows_the_channels_service_and_what_was_typed(work: UnitOfWork, catalog: Catalog) -> None:
    desk = Desk(work, work.clock)
    asked = Incoming({}, "command", "U0ANN", "Ann", channel="C0PAY", text=HOSTILE)

    answer = await open_record(desk, asked)

    assert isinstance(answer, Open)
    assert_valid_view(answer.view)
    assert answer.view["title"]["text"] == "Record a deployment"
    inputs = {one["block_id"]: one for one in answer.view["blocks"] if one["type"] == "input"}
    assert [one["label"]["text"] for one in inputs.values()] == ["Service", "Deployed at", "What was deployed"]
    assert inputs["service"]["element"]["initial_option"]["value"] == "PAY"
    assert inputs["what"]["element"]["initial_value"] == HOSTILE
    assert inputs["deployed_at"]["element"]["initial_date_time"] == int(MORNING.timestamp())


async def test_submitting_the_form_records_it_and_says_what_it_means(work: UnitOfWork, catalog: Catalog) -> None:
    view = {
        "private_metadata": value(f="nonce"),
        "state": {
            "values": {
                "service": {"value": {"type": "static_select", "selected_option": {"value": "WEB"}}},
                "deployed_at": {"value": {"selected_date_time": int(MORNING.timestamp())}},
                "what": {"value": {"value": LONG[:3000]}},
            }
        },
    }

    answer = await submit_record(Desk(work, work.clock), Incoming({"view": view}, "modal", "U0ANN", "Ann"))

    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    assert "The deployment of Web shop is recorded" in answer.message.text
    (kept,) = await deployments(work)
    assert (kept.service, kept.started_at, kept.what) == ("WEB", MORNING, storable(LONG[:3000]).strip())


def test_many_services_are_searched_and_none_say_what_to_do() -> None:
    document = example_document()
    template = document["services"][1]
    document["services"] += [
        {**template, "key": f"S{number}", "channel": f"C0S{number}", "name": HOSTILE[:75], "depends_on": []}
        for number in range(150)
    ]
    many = Catalog.model_validate(document)

    for service in (None, many.services[5]):
        view = record_form(many, service, LONG[:3000], MORNING, "n")
        assert_valid_view(view)
        assert active_markup(view) == []
    assert_valid_view(record_form(Catalog(), None, "", MORNING, "n"))
