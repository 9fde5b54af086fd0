"""Figures on both databases, compared with counting in Python."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from models.catalog.document import Catalog
from models.events import SYSTEM
from models.kpi.arguments import Scope, parse_kpi_arguments
from models.kpi.figures import Compared, Figures, Ratio, Unresolved
from models.kpi.periods import Stretch, parse_period
from models.kpi.queries import figures, headline
from models.lifecycle.tables.release import Deployment
from models.support.tables import Incident, IncidentLink, KnownError
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING
from tests.factories import link_incident, make_deployment, make_incident, make_known_error, make_release

SERVICES = ("PAY", "WEB", None)


@dataclass
class History:
    """Some years of made-up cases, and the expected counts."""

    deployments: list[Deployment] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    links: list[IncidentLink] = field(default_factory=list)
    known_errors: list[KnownError] = field(default_factory=list)

    def adopted(self, stretch: Stretch, service: str | None) -> Ratio:
        found = [one for one in self.deployments if within(one.started_at, stretch) and about(one.service, service)]
        return Ratio(sum(one.adopted for one in found), len(found))

    def linked(self, stretch: Stretch, service: str | None) -> Ratio:
        explained = {link.incident for link in self.links}
        found = [one for one in self.incidents if within(one.opened_at, stretch) and about(one.service, service)]
        return Ratio(sum(one.number in explained for one in found), len(found))

    def unresolved(self, stretch: Stretch, service: str | None) -> Unresolved:
        found = [
            one
            for one in self.known_errors
            if one.recorded_at < stretch.end
            and (one.resolved_at is None or one.resolved_at >= stretch.end)
            and about(one.service, service)
        ]
        return Unresolved(len(found), sum(not one.workaround for one in found))


def within(moment: datetime, stretch: Stretch) -> bool:
    return stretch.start <= moment < stretch.end


def about(service: str | None, wanted: str | None) -> bool:
    return wanted is None or service == wanted


@pytest.fixture
async def history(work: UnitOfWork, catalog: Catalog) -> History:
    chance = random.Random(7)

    def moment() -> datetime:
        return MORNING - timedelta(minutes=chance.randrange(800 * 24 * 60))

    found = History()
    for number in range(150):
        found.deployments.append(
            Deployment(
                service=chance.choice(("PAY", "WEB")),
                started_at=moment(),
                adopted=chance.random() < 0.8,
                outcome=chance.choice(("deployed", "deployed", "backed_out")),
                reported_by="U0DANA",
            )
        )
        recorded = moment()
        found.known_errors.append(
            KnownError(
                id=number + 1,
                title="T",
                symptom="S",
                service=chance.choice(SERVICES),
                workaround=chance.choice(("", "Reload")),
                recorded_by="U0TOM",
                recorded_at=recorded,
                resolved_at=recorded + timedelta(days=40) if chance.random() < 0.5 else None,
            )
        )
    for number in range(500):
        name = f"INC{number:07d}"
        found.incidents.append(
            Incident(
                number=name,
                opened_at=moment(),
                service=chance.choice(SERVICES),
                recorded_by="U0ANN",
                recorded_at=MORNING,
            )
        )
        for known_error in chance.sample(range(1, 151), chance.choice((0, 0, 1, 3))):
            found.links.append(
                IncidentLink(incident=name, known_error_id=known_error, linked_by="U0ANN", linked_at=MORNING)
            )
    async with work(SYSTEM) as tx:
        tx.session.add_all([*found.deployments, *found.known_errors, *found.incidents])
        await tx.session.flush()
        tx.session.add_all(found.links)
    return found


async def count(work: UnitOfWork, catalog: Catalog, text: str) -> Figures:
    async with work.database.reporting() as session:
        return await figures(session, catalog, parse_kpi_arguments(text, catalog, work.clock.now()))


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("30d", None),
        ("7d PAY", "PAY"),
        ("12w", None),
        ("quarter WEB", "WEB"),
        ("month", None),
        ("year", None),
        ("2025-03-01..2026-02-28", None),
        ("2026-01-01..2026-12-31 web", "WEB"),
        ("1995-01-01..1995-12-31", None),
    ],
)
async def test_every_figure_is_what_counting_by_hand_gives(
    work: UnitOfWork, catalog: Catalog, history: History, text: str, service: str | None
) -> None:
    found = await count(work, catalog, text)
    now, before = found.period.now, found.period.before

    assert found.adoption == Compared(history.adopted(now, service), history.adopted(before, service))
    assert found.incidents == Compared(history.linked(now, service), history.linked(before, service))
    assert found.known_errors == Compared(history.unresolved(now, service), history.unresolved(before, service))


@pytest.mark.parametrize("text", ["30d", "12w PAY", "year", "2025-03-01..2026-02-28"])
async def test_the_charts_show_the_same_cases_as_the_figures_each_in_its_category(
    work: UnitOfWork, catalog: Catalog, history: History, text: str
) -> None:
    found = await count(work, catalog, text)
    series = found.series
    service = found.keys[0] if found.keys else None

    assert sum(series.deployments) == found.adoption.now.whole > 0
    assert sum(series.linked) == found.incidents.now.part > 0
    start = found.period.now.start
    for index, bucket in enumerate(series.buckets.each):
        stretch = Stretch(start, bucket.end)
        incidents = history.linked(stretch, service)
        assert series.deployments[index] == history.adopted(stretch, service).whole
        assert (series.linked[index], series.unlinked[index]) == (incidents.part, incidents.whole - incidents.part)
        assert series.backed_out[index] == sum(
            one.outcome == "backed_out" and within(one.started_at, stretch) and about(one.service, service)
            for one in history.deployments
        )
        start = bucket.end


async def test_over_nothing_there_is_no_data(work: UnitOfWork, catalog: Catalog) -> None:
    found = await count(work, catalog, "30d")

    assert found.adoption == found.incidents == Compared(Ratio(0, 0), Ratio(0, 0))
    assert found.known_errors == Compared(Unresolved(0, 0), Unresolved(0, 0))
    assert found.adoption.now.percent is None


async def test_what_happens_at_this_very_moment_counts(work: UnitOfWork, catalog: Catalog) -> None:
    known_error = await make_known_error(work)
    await link_incident(work, await make_incident(work), known_error)
    await make_deployment(work, await make_release(work, "deploying"))

    async with work.database.reporting() as session:
        found = await headline(session, catalog, work.clock.now())

    assert (found.adoption.now, found.incidents.now) == (Ratio(1, 1), Ratio(1, 1))
    assert found.known_errors == Compared(Unresolved(1, 1), Unresolved(0, 0))


async def test_an_incident_with_several_known_errors_is_one_case(work: UnitOfWork, catalog: Catalog) -> None:
    incident = await make_incident(work)
    for _ in range(3):
        await link_incident(work, incident, await make_known_error(work))

    assert (await count(work, catalog, "7d")).incidents.now == Ratio(1, 1)


async def test_cases_on_the_edge_belong_to_the_period_that_they_begin(work: UnitOfWork, catalog: Catalog) -> None:
    midnight = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)  # 1 November in Amsterdam
    for moment in (midnight - timedelta(microseconds=1), midnight):
        await make_incident(work, opened_at=moment)

    november = (await count(work, catalog, "2026-11-01..2026-11-10")).incidents
    october = (await count(work, catalog, "2026-10-31")).incidents

    assert (november.now.whole, november.before.whole) == (1, 1)
    assert (october.now.whole, october.before.whole) == (1, 0)


async def test_between_a_running_quarter_and_what_it_is_compared_with_nothing_is_counted(
    work: UnitOfWork, catalog: Catalog
) -> None:
    await make_incident(work, opened_at=datetime(2026, 9, 15, tzinfo=UTC))

    found = (await count(work, catalog, "quarter")).incidents

    assert (found.now.whole, found.before.whole) == (0, 0)


@pytest.mark.parametrize(("services", "cases"), [((), 3), (("PAY",), 1), (("PAY", "WEB"), 2)])
async def test_several_services_are_counted_together_and_no_service_only_among_all(
    work: UnitOfWork, catalog: Catalog, services: Sequence[str], cases: int
) -> None:
    for service in SERVICES:
        await make_incident(work, service=service)
    period = parse_period("30d", MORNING, catalog.zone())

    async with work.database.reporting() as session:
        found = await figures(session, catalog, Scope(period, tuple(services)))

    assert found.incidents.now.whole == cases
    assert found.services == tuple({"PAY": "Payments", "WEB": "Web shop"}[key] for key in services)


async def test_a_known_error_resolved_as_the_next_day_begins_was_unresolved_at_the_end_of_its_own(
    work: UnitOfWork, catalog: Catalog
) -> None:
    midnight = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)  # 1 November in Amsterdam
    await make_known_error(work, recorded_at=midnight - timedelta(days=3), resolved_at=midnight)

    assert (await count(work, catalog, "2026-10-31")).known_errors.now.count == 1
    assert (await count(work, catalog, "2026-11-01")).known_errors == Compared(Unresolved(0, 0), Unresolved(1, 1))
