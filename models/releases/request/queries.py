"""Reading for people what an edit would cost, and what edits have changed."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Material
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import PREPARING, SENT_BACK, State
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import Round
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.approval.decisions import APPROVED, decisions_of, in_place_of
from models.releases.approval.rounds.authors import too_few_remain
from models.releases.approval.rounds.rules import ALWAYS, UNLESS_SPELLING, rules_in_force
from models.releases.approval.rounds.store import rules_of_release
from models.releases.request.content_changes import WORDS, News, read_news
from models.releases.request.records import ContentNews, EditCost
from models.unit_of_work import Snapshot


async def edit_cost(snapshot: Snapshot, release: Release, editors: tuple[str, ...]) -> EditCost:
    """What a material change by the actor would cost; ``editors`` are the roles in which people may edit."""
    session, person = snapshot.session, snapshot.actor.person
    service = (await snapshot.catalog()).by_key.get(release.service)
    row = await session.get(Round, (release.id, release.round))
    rules = await rules_of_release(session, service, release)
    now = rules_in_force(service, release.type, row.risk if row else "")
    material = rules.material if rules else Material().as_written()
    apart = await requesters_of(session, release)
    given = [one for one in await decisions_of(session, release) if one.verdict == APPROVED]
    called = await names(session, [id_ for one in given for id_ in (one.person, one.standing_in_for) if id_])
    refusal = ""
    if service is not None and now is not None:
        refusal = await too_few_remain(session, service, release, now, apart, person, editors)
    return EditCost(
        approvals=()
        if release.state in SENT_BACK
        else tuple(in_place_of(called, one.person, one.standing_in_for) for one in given),
        approved=release.state in PREPARING,
        always=_fields(material, ALWAYS),
        unless_spelling=_fields(material, UNLESS_SPELLING),
        author=person not in apart,
        refusal=refusal,
    )


async def content_news(
    session: AsyncSession, release_id: int, facts: Mapping[str, Any], *, posted: bool
) -> ContentNews | None:
    """What is new since the round that ``facts`` name.

    None if it wasn't ``posted`` yet and nobody has to decide now.
    """
    release = await load_release(session, release_id)
    since = int(facts["since"])
    news = await _news_since(session, release_id, since)
    if news is None or (not posted and release.state != State.REQUESTED):
        return None
    apart = await requesters_of(session, release)
    called = await names(session, {*news.editors, release.requester})
    editors = {one: called.get(one, one) for one in news.editors}
    return ContentNews(
        identifier=release.identifier,
        title=release.title,
        mentioned=news.people,
        editors=tuple(editors.values()),
        apart=tuple(name for one, name in editors.items() if one in apart and one != release.requester),
        changes=news.changes,
        resubmitted_by=called.get(release.requester, release.requester) if facts.get("resubmitted") else "",
    )


async def people_of_news(session: AsyncSession, release_id: int, facts: Mapping[str, Any]) -> set[str]:
    """The people whose names it shows."""
    news = await _news_since(session, release_id, int(facts["since"]))
    return {*news.editors, (await load_release(session, release_id)).requester} if news else set()


async def _news_since(session: AsyncSession, release_id: int, since: int) -> News | None:
    query = select(Round.changed).where(col(Round.release_id) == release_id, col(Round.round) > since)
    for written in (await session.exec(query.order_by(col(Round.round).desc()))).all():
        news = read_news(written)
        if news.since == since:
            return news
    return None


def _fields(material: Mapping[str, str], when: str) -> tuple[str, ...]:
    return tuple(WORDS[field] for field, said in material.items() if said == when and field in WORDS)
