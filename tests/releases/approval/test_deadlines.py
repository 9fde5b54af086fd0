"""Requests that nobody decides: the deadlines as tables, then chasing, escalation and expiry on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from models.audit import AuditEntry
from models.catalog.document import ApprovalPolicy
from models.errors import Refused
from models.lifecycle.tables.approvals import ApprovalChase
from models.outbox import Outgoing
from models.releases.approval import queries as approval_queries
from models.releases.approval.approve import approve_release
from models.releases.approval.chasing.deadlines import ChasesDue, WaitingRequest, chases_due, earliest_chase
from models.releases.approval.reject import reject_release
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.working_hours import working_after, working_span
from models.unit_of_work import UnitOfWork
from scheduler.approvals import chase_approvals, next_approval_chase_at
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.approval.test_stand_ins import delegated
from tests.releases.steps import by, form, requested, rows, state

AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")

POLICY = ApprovalPolicy(remind_after="4h", escalate_after="1d", escalate_to="release_manager", expire_after="5d")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def waits(looked_at: str = "2026-11-24T10:00+01:00", escalated: bool = False, **zones: ZoneInfo) -> WaitingRequest:
    return WaitingRequest(MORNING, at(looked_at), escalated, zones or {"rita": AMSTERDAM}, AMSTERDAM)


@pytest.mark.parametrize(
    ("waiting", "now", "found"),
    [
        # Tuesday 10:00: not yet, then after four working hours, then the next day with the escalation.
        (waits(), "2026-11-24T13:59+01:00", ChasesDue(next_at=at("2026-11-24T14:00+01:00"))),
        (waits(), "2026-11-24T14:00+01:00", ChasesDue(("rita",), next_at=at("2026-11-25T10:00+01:00"))),
        (
            waits("2026-11-24T14:00+01:00"),
            "2026-11-25T10:00+01:00",
            ChasesDue(escalate=True, next_at=at("2026-11-25T14:00+01:00")),
        ),
        # Once a day, not on the weekend, and escalated once.
        (
            waits("2026-11-27T14:00+01:00", escalated=True),
            "2026-11-30T14:00+01:00",
            ChasesDue(("rita",), next_at=at("2026-12-01T10:00+01:00")),
        ),
        (
            waits("2026-11-27T14:00+01:00", escalated=True),
            "2026-11-29T14:00+01:00",
            ChasesDue(next_at=at("2026-11-30T14:00+01:00")),
        ),
        # Once, after days in which nobody looked.
        (
            waits(),
            "2026-11-30T16:00+01:00",
            ChasesDue(("rita",), escalate=True, next_at=at("2026-12-01T10:00+01:00")),
        ),
        # Expired after five working days; nothing else happens then.
        (waits(escalated=True), "2026-12-01T10:00+01:00", ChasesDue(expire=True)),
        # Each by their own clock; escalation and expiry wait for the last of them.
        (
            waits(rita=AMSTERDAM, bob=NEW_YORK),
            "2026-11-24T14:00+01:00",
            ChasesDue(("rita",), next_at=at("2026-11-24T13:00-05:00")),
        ),
        (
            waits("2026-11-24T14:00+01:00", rita=AMSTERDAM, bob=NEW_YORK),
            "2026-11-24T13:00-05:00",
            ChasesDue(("bob",), next_at=at("2026-11-25T14:00+01:00")),
        ),
        (
            waits("2026-11-25T14:00+01:00", rita=AMSTERDAM, bob=NEW_YORK),
            "2026-11-25T09:00-05:00",
            ChasesDue(escalate=True, next_at=at("2026-11-25T13:00-05:00")),
        ),
        # Nobody left who could decide: it still escalates and expires, by the service's clock.
        (
            WaitingRequest(MORNING, MORNING, False, {}, AMSTERDAM),
            "2026-11-25T10:00+01:00",
            ChasesDue(escalate=True, next_at=at("2026-12-01T10:00+01:00")),
        ),
    ],
)
def test_what_is_due(waiting, now, found):
    assert chases_due(waiting, POLICY, at(now)) == found


SPRING = "2026-03-27T15:00+01:00"
"""Friday afternoon in Amsterdam; the clocks in Europe change on Sunday, in America they have already."""

AUTUMN = "2026-10-23T15:00+02:00"
"""Friday afternoon in Amsterdam; the clocks in Europe change on Sunday, in America a week later."""


@pytest.mark.parametrize(
    ("since", "looked_at", "escalated", "now", "found"),
    [
        # Bob has worked for four hours on Friday. Rita's end on Monday, when her clock is an hour on.
        (SPRING, SPRING, False, "2026-03-27T13:59-04:00", ChasesDue(next_at=at("2026-03-27T14:00-04:00"))),
        (
            SPRING,
            SPRING,
            False,
            "2026-03-27T14:00-04:00",
            ChasesDue(("bob",), next_at=at("2026-03-30T11:00+02:00")),
        ),
        (
            SPRING,
            "2026-03-27T14:00-04:00",
            False,
            "2026-03-29T12:00+02:00",
            ChasesDue(next_at=at("2026-03-30T11:00+02:00")),
        ),
        (
            SPRING,
            "2026-03-27T14:00-04:00",
            False,
            "2026-03-30T11:00+02:00",
            ChasesDue(("rita",), next_at=at("2026-03-30T10:00-04:00")),
        ),
        # A working day is over for Rita at 15:00 and for Bob at 16:00 of her clock: it escalates with the last.
        (
            SPRING,
            "2026-03-30T11:00+02:00",
            False,
            "2026-03-30T15:59+02:00",
            ChasesDue(next_at=at("2026-03-30T16:00+02:00")),
        ),
        (
            SPRING,
            "2026-03-30T11:00+02:00",
            False,
            "2026-03-30T16:00+02:00",
            ChasesDue(escalate=True, next_at=at("2026-03-30T14:00-04:00")),
        ),
        # Five working days are over for Bob an hour before they are for Rita, whose clock has gone back meanwhile.
        (
            AUTUMN,
            "2026-10-30T14:30+01:00",
            True,
            "2026-10-30T14:59+01:00",
            ChasesDue(next_at=at("2026-10-30T15:00+01:00")),
        ),
        (AUTUMN, "2026-10-30T14:30+01:00", True, "2026-10-30T15:00+01:00", ChasesDue(expire=True)),
    ],
)
def test_over_a_weekend_on_which_the_clocks_change_each_counts_by_their_own(
    since, looked_at, escalated, now, found
):
    people = {"rita": AMSTERDAM, "bob": NEW_YORK}
    assert (
        chases_due(WaitingRequest(at(since), at(looked_at), escalated, people, AMSTERDAM), POLICY, at(now)) == found
    )


@pytest.mark.parametrize(
    ("zone", "reminded"),
    [
        # The same Friday 16:00 in Amsterdam, wherever the one person is who can still decide.
        ("Europe/Amsterdam", "2026-11-30T12:00+01:00"),
        ("America/Los_Angeles", "2026-11-27T13:00-08:00"),
        ("Asia/Tokyo", "2026-11-30T13:00+09:00"),
        ("Pacific/Auckland", "2026-11-30T13:00+13:00"),
        ("Asia/Kolkata", "2026-11-30T13:00+05:30"),
    ],
)
def test_somebody_is_reminded_after_four_hours_of_their_own_working_time(zone, reminded):
    friday = at("2026-11-27T16:00+01:00")
    waiting = WaitingRequest(friday, friday, False, {"one": ZoneInfo(zone)}, AMSTERDAM)
    assert chases_due(waiting, POLICY, at(reminded) - timedelta(minutes=1)).remind == ()
    assert chases_due(waiting, POLICY, at(reminded)).remind == ("one",)


def test_a_policy_that_names_nothing_does_nothing():
    assert chases_due(waits(), ApprovalPolicy(), at("2027-11-24T10:00+01:00")) == ChasesDue()


@given(
    minutes=st.integers(0, 730 * 24 * 60),
    length=st.sampled_from(("1m", "30m", "4h", "20h", "1d", "3d", "1w", "6w")),
    zone=st.sampled_from(("Europe/Amsterdam", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe")),
)
def test_nothing_is_due_before_the_earliest_moment(minutes, length, zone):
    since = MORNING + timedelta(minutes=minutes)
    first = earliest_chase(since, ApprovalPolicy(expire_after=length))
    assert first is not None
    assert first <= working_after(since, working_span(length), ZoneInfo(zone))


zones = st.dictionaries(
    st.sampled_from(("a", "b", "c")),
    st.sampled_from(("Europe/Amsterdam", "America/New_York", "Asia/Tokyo", "Pacific/Apia")).map(ZoneInfo),
)


@given(
    people=zones,
    steps=st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=3)), min_size=1, max_size=20),
    escalated=st.booleans(),
)
def test_whenever_it_is_looked_at_what_is_next_is_later_and_reminders_keep_their_pace(people, steps, escalated):
    now, asked, looked_at = MORNING, [], MORNING
    for step in steps:
        now += step
        found = chases_due(WaitingRequest(MORNING, looked_at, escalated, people, AMSTERDAM), POLICY, now)
        looked_at = now
        assert found.next_at is None or found.next_at > now
        asked += [(one, now.astimezone(people[one])) for one in found.remind]
        if found.expire:
            break
    for one in people:
        mine = [moment for person, moment in asked if person == one]
        assert len({moment.date() for moment in mine}) >= len(mine) / 2


async def audited(work, tag: str) -> list[AuditEntry]:
    async with work.database.reading() as session:
        query = select(AuditEntry).where(col(AuditEntry.tag) == tag).order_by(col(AuditEntry.id))
        return list((await session.exec(query)).all())


CHASED, ESCALATED, EXPIRED = "release:approval:chased", "release:approval:escalated", "release:expired"


@pytest.mark.usefixtures("people", "catalog")
class TestChasing:
    async def test_those_who_can_still_decide_are_reminded_in_the_thread_once_a_day(self, work, clock):
        release = await requested(work)
        await chase_approvals(work)
        assert await audited(work, CHASED) == []
        assert await next_approval_chase_at(work) == MORNING + timedelta(hours=4)
        await approve_release(work, by("U0RITA"), release, 1)
        clock.move(timedelta(hours=4))
        await chase_approvals(work)
        await chase_approvals(work)
        (chased,) = await audited(work, CHASED)
        assert chased.facts["asked"] == ["U0OLGA"]
        assert chased.facts["roles"] == ["owner"]
        clock.move(timedelta(days=1))
        await chase_approvals(work)
        assert len(await audited(work, CHASED)) == 2

    async def test_whoever_stands_in_is_asked_too(self, work, clock):
        await delegated(work)
        await requested(work)
        clock.move(timedelta(hours=9))
        await chase_approvals(work)
        (chased,) = await audited(work, CHASED)
        assert set(chased.facts["asked"]) >= {"U0RITA", "U0OLGA"}
        clock.move(timedelta(days=1))
        await chase_approvals(work)
        everybody = {one for row in await audited(work, CHASED) for one in row.facts["asked"]}
        assert everybody == {"U0RITA", "U0OLGA", "U0SAM"}

    async def test_nobody_decides_so_it_escalates_once_and_expires_which_is_no_rejection(self, work, clock):
        release = await requested(work)
        for _ in range(3 * 24):
            clock.move(timedelta(hours=1))
            await chase_approvals(work)
        (escalated,) = await audited(work, ESCALATED)
        assert escalated.facts["asked"] == ["U0RITA"]
        assert await state(work, release) == "requested"
        clock.move(timedelta(days=5))
        await chase_approvals(work)
        await chase_approvals(work)
        assert await state(work, release) == "expired"
        assert len(await audited(work, EXPIRED)) == 1
        with pytest.raises(Refused, match="is expired"):
            await approve_release(work, by("U0RITA"), release, 1)
        assert await next_approval_chase_at(work) is None

    async def test_the_requester_resubmits_with_a_new_window_and_it_is_chased_anew(self, work, clock):
        release = await requested(work)
        clock.move(timedelta(days=7))
        await chase_approvals(work)
        later = clock.now() + timedelta(days=7)
        again = form(window_start=later, window_end=later + timedelta(hours=1))
        with pytest.raises(Refused):
            await edit_release(work, by("U0RITA"), release, 1, again)
        await edit_release(work, by("U0ANN"), release, 1, again)
        assert await state(work, release) == "requested"
        await chase_approvals(work)
        assert await audited(work, CHASED) == []
        (row,) = await rows(work, ApprovalChase)
        assert (row.round, row.since, row.escalated_at) == (2, clock.now(), None)
        clock.move(timedelta(hours=4))
        await chase_approvals(work)
        assert len(await audited(work, CHASED)) == 1
        await approve_release(work, by("U0RITA"), release, 2)
        await approve_release(work, by("U0OLGA"), release, 2)
        assert await state(work, release) == "approved"

    async def test_what_is_decided_or_cancelled_is_never_chased(self, work, clock):
        kept = await requested(work, nonce="a")
        gone = await requested(work, nonce="b")
        done = await requested(work, nonce="c")
        await chase_approvals(work)
        await reject_release(work, by("U0RITA"), kept, 1, "No")
        await cancel_release(work, by("U0ANN"), gone)
        for person in ("U0RITA", "U0OLGA"):
            await approve_release(work, by(person), done, 1)
        clock.move(timedelta(days=60))
        await chase_approvals(work)
        assert [await audited(work, tag) for tag in (CHASED, ESCALATED, EXPIRED)] == [[], [], []]

    async def test_a_catalog_that_changes_counts_from_then_on(self, work, clock):
        document = example_document()
        document["services"][0]["policy"]["approval"] = {}
        await put_catalog(work, document)
        await requested(work)
        clock.move(timedelta(hours=5))
        await chase_approvals(work)
        assert await next_approval_chase_at(work) is None
        await put_catalog(work, example_document())
        await chase_approvals(work)
        assert len(await audited(work, CHASED)) == 1

    async def test_several_processes_beside_each_other_send_once(self, work, clock, database_url):
        for number in range(7):
            await requested(work, nonce=str(number))
        clock.move(timedelta(days=1))
        others = [Database(database_url) for _ in range(3)]
        desks = [UnitOfWork(one, clock, posts_for) for one in others]
        await asyncio.gather(*(chase_approvals(desk) for desk in desks))
        await chase_approvals(work)
        assert len(await audited(work, CHASED)) == 7
        assert len(await audited(work, ESCALATED)) == 7
        clock.move(timedelta(days=10))
        await asyncio.gather(*(chase_approvals(desk) for desk in desks))
        assert len(await audited(work, EXPIRED)) == 7
        for one in others:
            await one.close()

    async def test_a_reminder_that_is_decided_before_slack_is_back_is_never_posted(self, work, clock):
        release = await requested(work)
        clock.move(timedelta(hours=4))
        await chase_approvals(work)
        notice = next(row for row in await rows(work, Outgoing) if row.message == "approval_notice")
        async with work.database.reading() as session:
            found = await approval_queries.approval_notice(session, release, notice.facts, posted=False)
        assert found is not None
        assert found.kind == "chased"
        await reject_release(work, by("U0OLGA"), release, 1, "No")
        async with work.database.reading() as session:
            assert await approval_queries.approval_notice(session, release, notice.facts, posted=False) is None
