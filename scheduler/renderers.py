"""How each message is made: the query that reads its record and the function that renders it.

A row of the outbox names its message; a message that is not in this table cannot be wished for (a test says so).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from messages import deployments as deployment_reports
from messages import home as home_view
from messages.environments import arbitration, bookings
from messages.kit.blocks import Message
from messages.kpi import digest
from messages.releases.activities import turns
from messages.releases.approval import delegations
from messages.releases.approval import notices as approval_notices
from messages.releases.card import card as release_card
from messages.releases.card import outcome as release_outcome
from messages.releases.plan import checklist as day_checklist
from messages.releases.plan import release_notes, reminders
from messages.support import known_errors
from models.catalog.document import Catalog
from models.deployments import queries as deployment_queries
from models.environments import message_queries
from models.home import home
from models.kpi.digests import digest_record
from models.outbox import Outgoing
from models.releases.activities import queries as activity_queries
from models.releases.approval import delegations as delegating
from models.releases.approval import queries as approval_queries
from models.releases.card import queries
from models.releases.plan import checklist as checklists
from models.releases.plan import queries as plan_queries
from models.releases.plan import release_notes as notes
from models.support import queries as support_queries


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query for a message may look at."""

    session: AsyncSession
    catalog: Catalog
    now: datetime
    row: Outgoing

    @property
    def subject_id(self) -> int:
        """The subject of the row as a number."""
        return int(self.row.subject)


Load = Callable[[Reading], Awaitable[Any]]
Render = Callable[[Any], Message]


@dataclass(frozen=True, slots=True)
class Renderer:
    """``load`` gives the record, or None when there is nothing to say any more; ``render`` makes the message.

    ``plain`` renders it without native charts and tables. ``reports`` says that the query reads many rows.
    ``view`` says that the message is the recipient's Home.
    """

    load: Load
    render: Render
    plain: Render | None = None
    reports: bool = False
    view: bool = False


async def _card(reading: Reading) -> Any:
    return await queries.card(reading.session, reading.catalog, reading.subject_id)


async def _outcome(reading: Reading) -> Any:
    return await queries.outcome(reading.session, reading.catalog, reading.subject_id, reading.row.facts)


async def _turn(reading: Reading) -> Any:
    return await activity_queries.turn(reading.session, reading.subject_id, reading.row.facts)


async def _reminder(reading: Reading) -> Any:
    return await plan_queries.task_reminder(reading.session, reading.catalog, reading.row, reading.now)


async def _approval_notice(reading: Reading) -> Any:
    row = reading.row
    return await approval_queries.approval_notice(
        reading.session, reading.subject_id, row.facts, posted=row.ts is not None
    )


async def _delegation(reading: Reading) -> Any:
    return await delegating.delegation(reading.session, reading.subject_id)


async def _checklist(reading: Reading) -> Any:
    return await checklists.checklist_of(reading.session, reading.catalog, reading.row, reading.now)


async def _notes(reading: Reading) -> Any:
    return await notes.notes_shown(reading.session, reading.subject_id, int(reading.row.facts["version"]))


async def _known_error(reading: Reading) -> Any:
    return await support_queries.known_error_record(reading.session, reading.catalog, reading.subject_id)


async def _deployment_report(reading: Reading) -> Any:
    return await deployment_queries.report(reading.session, reading.catalog, reading.subject_id)


async def _home(reading: Reading) -> Any:
    everything = bool(reading.row.facts.get("all"))
    return await home.home(
        reading.session, reading.catalog, reading.row.recipient, reading.now, everything=everything
    )


async def _digest(reading: Reading) -> Any:
    row = reading.row
    return await digest_record(reading.session, reading.catalog, row.subject, row.facts, reading.now)


async def _booking_request(reading: Reading) -> Any:
    return await message_queries.booking_request(reading.session, reading.catalog, reading.row, reading.now)


async def _booking_offer(reading: Reading) -> Any:
    return await message_queries.booking_offer(reading.session, reading.catalog, reading.row)


async def _booking_reminder(reading: Reading) -> Any:
    return await message_queries.booking_reminder(reading.session, reading.catalog, reading.row, reading.now)


async def _booking_news(reading: Reading) -> Any:
    return await message_queries.booking_news(reading.session, reading.catalog, reading.row)


RENDERERS: Mapping[str, Renderer] = {
    "release_card": Renderer(_card, release_card.render),
    "release_outcome": Renderer(_outcome, release_outcome.render),
    "release_turn": Renderer(_turn, turns.render),
    "task_reminder": Renderer(_reminder, reminders.render),
    "approval_notice": Renderer(_approval_notice, approval_notices.render),
    "delegation": Renderer(_delegation, delegations.render),
    "day_checklist": Renderer(_checklist, day_checklist.render),
    "release_notes": Renderer(_notes, release_notes.render),
    "known_error": Renderer(_known_error, known_errors.render),
    "booking_request": Renderer(_booking_request, arbitration.render_request),
    "booking_offer": Renderer(_booking_offer, arbitration.render_offer),
    "booking_reminder": Renderer(_booking_reminder, bookings.render_reminder),
    "booking_news": Renderer(_booking_news, bookings.render_news),
    "deployment_report": Renderer(_deployment_report, deployment_reports.render),
    "digest": Renderer(_digest, digest.render, plain=digest.render_plain, reports=True),
    "home": Renderer(_home, home_view.render, reports=True, view=True),
}
