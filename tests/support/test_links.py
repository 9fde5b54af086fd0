import asyncio

import pytest
from sqlmodel import col, select

from models.audit import AuditEntry
from models.errors import Invalid, NotFound
from models.events import Actor
from models.outbox import Outgoing
from models.support import queries
from models.support.links import link_incident, unlink_incident
from models.support.tables import Incident, IncidentLink
from tests.factories import make_incident, make_known_error, make_release

pytestmark = pytest.mark.usefixtures("people", "catalog")

ANN = Actor(person="U0ANN", surface="command")


async def links(work) -> set[tuple[str, int]]:
    async with work.database.reading() as session:
        return {(row.incident, row.known_error_id) for row in (await session.exec(select(IncidentLink))).all()}


async def tags(work) -> list[str]:
    async with work.database.reading() as session:
        return list((await session.exec(select(AuditEntry.tag).order_by(col(AuditEntry.id)))).all())


async def test_a_new_incident_is_recorded_as_opened_now_by_who_links_it(work, clock):
    await make_known_error(work)
    result = await link_incident(work, ANN, "INC0000045", [1])
    async with work.database.reading() as session:
        incident = await session.get(Incident, "INC0000045")
    assert result.opened
    assert (incident.opened_at, incident.recorded_by, incident.service) == (clock.now(), "U0ANN", "PAY")
    assert await links(work) == {("INC0000045", 1)}
    assert await tags(work) == ["incident:recorded", "incident:linked"]


async def test_linking_again_changes_nothing_and_says_so(work):
    await make_known_error(work)
    await link_incident(work, ANN, "INC0000045", [1])
    again = await link_incident(work, ANN, "INC0000045", [1])
    assert (again.changed, again.unchanged, again.opened) == ((), ("KE-1",), False)
    assert (await tags(work)).count("incident:linked") == 1


async def test_two_people_linking_in_the_same_instant_make_one_link(work):
    await make_known_error(work)
    results = await asyncio.gather(*(link_incident(work, ANN, "INC0000045", [1]) for _ in range(8)))
    assert sum(result.opened for result in results) == 1
    assert sum(len(result.changed) for result in results) == 1
    assert (await tags(work)).count("incident:linked") == 1


async def test_several_known_errors_are_linked_at_once_or_none_of_them(work):
    for _ in range(3):
        await make_known_error(work)
    result = await link_incident(work, ANN, "INC0000045", [3, 1, 3])
    assert result.changed == ("KE-1", "KE-3")
    with pytest.raises(NotFound, match="KE-9"):
        await link_incident(work, ANN, "INC0000046", [1, 9])
    assert await links(work) == {("INC0000045", 1), ("INC0000045", 3)}
    async with work.database.reading() as session:
        assert await session.get(Incident, "INC0000046") is None


async def test_leading_zeros_need_not_be_typed_for_an_incident_that_is_known(work):
    await make_known_error(work)
    await make_incident(work, "INC0000045")
    assert (await link_incident(work, ANN, "INC45", [1])).incident == "INC0000045"
    assert (await unlink_incident(work, ANN, "45", [1])).changed == ("KE-1",)


async def test_zeros_that_could_mean_two_incidents_mean_neither(work):
    await make_known_error(work)
    await make_incident(work, "INC0045")
    await make_incident(work, "INC0000045")
    with pytest.raises(NotFound) as missing:
        await unlink_incident(work, ANN, "INC45", [1])
    assert set(missing.value.nearest) == {"INC0045", "INC0000045"}


async def test_a_link_to_a_resolved_known_error_is_made_and_pointed_out(work):
    await make_known_error(work, status="resolved")
    result = await link_incident(work, ANN, "INC0000045", [1])
    assert (result.changed, result.resolved) == (("KE-1",), ("KE-1",))


async def test_unlinking_takes_the_link_away_and_says_when_there_was_none(work):
    await make_known_error(work)
    await make_known_error(work)
    await link_incident(work, ANN, "INC0000045", [1])
    result = await unlink_incident(work, ANN, "INC0000045", [1, 2])
    assert (result.changed, result.unchanged) == (("KE-1",), ("KE-2",))
    assert await links(work) == set()
    assert (await tags(work))[-1] == "incident:unlinked"


async def test_an_unknown_incident_answers_with_the_nearest_ones(work):
    await make_known_error(work)
    for number in ("INC0000045", "INC0000047", "INC0000054", "INC0009999"):
        await make_incident(work, number)
    with pytest.raises(NotFound, match="INC0000046") as missing:
        await unlink_incident(work, ANN, "INC0000046", [1])
    assert missing.value.nearest == ("INC0000045", "INC0000047", "INC0000054")
    with pytest.raises(NotFound) as missing:
        await unlink_incident(work, ANN, "IN0000045", [1])
    assert missing.value.nearest[0] == "INC0000045"


async def test_too_much_at_once_is_refused(work):
    with pytest.raises(Invalid, match="10 known errors"):
        await link_incident(work, ANN, "INC0000045", range(1, 12))
    with pytest.raises(Invalid, match="40 characters"):
        await link_incident(work, ANN, "I" * 41, [1])


async def test_a_link_is_shown_in_the_thread_of_the_release_it_was_found_in(work):
    release = await make_release(work)
    await make_known_error(work, release_id=release.id)
    await link_incident(work, ANN, "INC0000045", [1])
    async with work.database.reading() as session:
        row = (await session.exec(select(Outgoing))).one()
    assert (row.key, row.message, row.in_thread, row.release_id) == (
        "known_error:1",
        "known_error",
        True,
        release.id,
    )


async def test_an_incident_is_shown_with_what_its_known_errors_say(work):
    await make_known_error(work, workaround="Reload")
    await link_incident(work, ANN, "INC0000045", [1])
    async with work.reading() as snapshot:
        shown = await queries.incident_record(snapshot.session, await snapshot.catalog(), "INC0000045")
    assert shown.service == "Payments"
    assert [(one.number, one.workaround, one.incident_count) for one in shown.known_errors] == [
        ("KE-1", "Reload", 1)
    ]
