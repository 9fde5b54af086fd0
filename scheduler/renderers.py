"""How each message is made: the query that reads its record, and the function that renders the record.

A row of the outbox names its message; a test shows that every message of the outbox is in this table.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from messages import deployments as deployment_reports
from messages import freezes as freeze_messages
from messages import home as home_view
from messages import pipelines as pipeline_notices
from messages.environments import arbitration, bookings
from messages.kit.blocks import Message
from messages.kpi import digest
from messages.releases.activities import criteria, turns
from messages.releases.approval import delegations
from messages.releases.approval import notices as approval_notices
from messages.releases.card import card as release_card
from messages.releases.card import outcome as release_outcome
from messages.releases.clearance import notices as clearance_notices
from messages.releases.plan import checklist, release_notes, reminders
from messages.releases.request import content_news as content_news_message
from messages.releases.windows import notices as window_notices
from messages.services import loosened
from messages.support import known_errors
from models.catalog.document import Catalog
from models.deployments import queries as deployments
from models.environments.message_queries import booking_news, booking_offer, booking_reminder, booking_request
from models.environments.queries import people_of_booking
from models.events import SYSTEM
from models.freezes import queries as freezes
from models.home.home import read_home
from models.home.refresh import refresh_dependents
from models.kpi.digests import digest_record
from models.outbox import Outgoing
from models.pipelines.queries import pipeline_notice
from models.releases.activities.queries import criteria_to_confirm, turning_point
from models.releases.approval.queries import approval_notice
from models.releases.approval.standing_in.delegations import delegation
from models.releases.card import queries as releases
from models.releases.clearance.queries import clearance_notice
from models.releases.plan.checklist import checklist_part
from models.releases.plan.queries import task_reminder
from models.releases.plan.release_notes import notes_version
from models.releases.request.queries import content_news, people_of_news
from models.releases.windows.queries import past_windows, window_notice
from models.services.loosened import loosened_rules
from models.support.queries import known_error_record
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query for a message may look at."""

    session: AsyncSession
    catalog: Catalog
    now: datetime
    row: Outgoing

    @property
    def id(self) -> int:
        """The row's subject, where that is a number."""
        return int(self.row.subject)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the row remembers of the moment when it was wanted."""
        return self.row.facts


async def _people_of_release(session: AsyncSession, row: Outgoing) -> set[str]:
    return await releases.people_of_release(session, row.release_id) if row.release_id is not None else set()


async def _people_of_booking(session: AsyncSession, row: Outgoing) -> set[str]:
    return await people_of_booking(session, int(row.subject))


async def _people_of_news(session: AsyncSession, row: Outgoing) -> set[str]:
    return await people_of_news(session, row.release_id, row.facts) if row.release_id is not None else set()


async def _person_of_facts(_session: AsyncSession, row: Outgoing) -> set[str]:
    return {str(row.facts["person"])}


async def _person_who_changed(session: AsyncSession, row: Outgoing) -> set[str]:
    return {str(row.facts["by"])} - {SYSTEM.person}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind(ABC):
    """What delivery needs to know about a message.

    ``people`` reads whose names it shows. ``refresh`` has everything that depends on it shown again after it was
    delivered. ``reports``: its query reads many rows. ``is_home``: it is a Home.
    """

    people: Callable[[AsyncSession, Outgoing], Awaitable[set[str]]] = _people_of_release
    refresh: Callable[[UnitOfWork, int], Awaitable[None]] | None = None
    reports: bool = False
    is_home: bool = False

    @property
    @abstractmethod
    def has_plain(self) -> bool:
        """Whether it can do without native charts and tables, which some workspaces refuse."""

    @abstractmethod
    async def message(self, reading: Reading, *, native: bool = True) -> Message | None:
        """The message, ``native`` with charts and tables; None when there is nothing to say any more."""


Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Renderer(MessageKind, Generic[Record]):
    """``load`` reads the record, ``render`` makes the message from it; ``plain`` does so without native charts."""

    load: Callable[[Reading], Awaitable[Record | None]]
    render: Callable[[Record], Message]
    plain: Callable[[Record], Message] | None = None

    @property
    def has_plain(self) -> bool:
        return self.plain is not None

    async def message(self, reading: Reading, *, native: bool = True) -> Message | None:
        record = await self.load(reading)
        if record is None:
            return None
        return self.render(record) if native or self.plain is None else self.plain(record)


RENDERERS: Mapping[str, MessageKind] = {
    "release_card": Renderer(
        lambda it: releases.release_card(it.session, it.catalog, it.id),
        release_card.render,
        refresh=refresh_dependents,
    ),
    "release_outcome": Renderer(
        lambda it: releases.release_outcome(it.session, it.catalog, it.id, it.facts), release_outcome.render
    ),
    "content_news": Renderer(
        lambda it: content_news(it.session, it.id, it.facts, posted=it.row.ts is not None),
        content_news_message.render,
        people=_people_of_news,
    ),
    "release_turn": Renderer(lambda it: turning_point(it.session, it.id, it.facts), turns.render),
    "criteria_to_confirm": Renderer(
        lambda it: criteria_to_confirm(it.session, it.facts, it.id, posted=it.row.ts is not None),
        criteria.render_confirmation,
    ),
    "task_reminder": Renderer(lambda it: task_reminder(it.session, it.catalog, it.row, it.now), reminders.render),
    "approval_notice": Renderer(
        lambda it: approval_notice(it.session, it.id, it.facts, posted=it.row.ts is not None),
        approval_notices.render,
    ),
    "rules_loosened": Renderer(
        lambda it: loosened_rules(it.session, it.catalog, it.facts), loosened.render, people=_person_who_changed
    ),
    "clearance_notice": Renderer(
        lambda it: clearance_notice(it.session, it.id, it.facts), clearance_notices.render
    ),
    "window_notice": Renderer(
        lambda it: window_notice(it.session, it.catalog, it.id, it.facts, it.now), window_notices.render
    ),
    "past_windows": Renderer(lambda it: past_windows(it.session, it.facts), window_notices.render_past),
    "delegation": Renderer(lambda it: delegation(it.session, it.id), delegations.render),
    "day_checklist": Renderer(lambda it: checklist_part(it.session, it.catalog, it.row, it.now), checklist.render),
    "release_notes": Renderer(
        lambda it: notes_version(it.session, it.id, int(it.facts["version"])), release_notes.render
    ),
    "known_error": Renderer(lambda it: known_error_record(it.session, it.catalog, it.id), known_errors.render),
    "booking_request": Renderer(
        lambda it: booking_request(it.session, it.catalog, it.row, it.now),
        arbitration.render_request,
        people=_people_of_booking,
    ),
    "booking_offer": Renderer(
        lambda it: booking_offer(it.session, it.catalog, it.row, it.now),
        arbitration.render_offer,
        people=_people_of_booking,
    ),
    "booking_reminder": Renderer(
        lambda it: booking_reminder(it.session, it.catalog, it.row, it.now),
        bookings.render_reminder,
        people=_people_of_booking,
    ),
    "booking_news": Renderer(
        lambda it: booking_news(it.session, it.catalog, it.row, it.now),
        bookings.render_news,
        people=_people_of_booking,
    ),
    "deployment_report": Renderer(
        lambda it: deployments.report_record(it.session, it.catalog, it.id), deployment_reports.render
    ),
    "pipeline_notice": Renderer(
        lambda it: pipeline_notice(it.session, it.catalog, it.facts), pipeline_notices.render
    ),
    "freeze_news": Renderer(
        lambda it: freezes.freeze_news(it.session, it.catalog, it.facts),
        freeze_messages.render_news,
        people=_person_of_facts,
    ),
    "freeze_notice": Renderer(
        lambda it: freezes.freeze_notice(it.session, it.catalog, it.id, it.facts),
        freeze_messages.render_notice,
        people=_person_of_facts,
    ),
    "digest": Renderer(
        lambda it: digest_record(it.session, it.catalog, it.row.subject, it.facts, it.now),
        digest.render,
        digest.render_plain,
        reports=True,
    ),
    "home": Renderer(
        lambda it: read_home(
            it.session,
            it.catalog,
            it.row.recipient,
            it.now,
            everything=bool(it.facts.get("all")),
            known=not it.facts.get("unknown"),
        ),
        home_view.render,
        reports=True,
        is_home=True,
    ),
}
