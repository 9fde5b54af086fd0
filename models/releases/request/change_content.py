"""Changing what a release says: a material change begins the next round and makes its editor an author.

docs/process.md#rounds-and-material-changes.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from models.catalog.document import Catalog, Material, Service
from models.errors import Refused
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import PREPARING, SENT_BACK, State, Verb
from models.lifecycle.requesters import requesters, requesters_of
from models.lifecycle.tables.approvals import Decision, Round
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import APPROVED, BYPASSED, decisions_of
from models.releases.approval.rounds.authors import too_few_remain
from models.releases.approval.rounds.rules import RoundRules, rules_in_force
from models.releases.approval.rounds.store import begin_round, rules_of_release
from models.releases.approval.turns import asked_in_new_round
from models.releases.policy.rules.risk import Risk
from models.releases.request.content_changes import (
    WINDOW,
    WORDS,
    ContentChange,
    material_among,
    names_in,
    news_of_edit,
    read_news,
)
from models.releases.request.events import ReleaseEdited, ReleaseResubmitted
from models.releases.request.next_round import begin_next_round
from models.unit_of_work import Transaction

EDITABLE = (State.REQUESTED, *SENT_BACK, *PREPARING)
"""What a release says can be changed until its deployment starts."""


class TooFewRemain(Refused):
    """Too few people would be left to approve what this person has written in ``field``, the first of the edit."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class EditedRelease:
    """``voided`` when everybody has to decide again."""

    identifier: str
    fields: tuple[str, ...]
    voided: bool


async def change_content(
    tx: Transaction,
    catalog: Catalog,
    release: Release,
    changes: Sequence[ContentChange],
    fields: tuple[str, ...],
    editors: tuple[str, ...],
    risk: Risk | None,
) -> EditedRelease:
    """Record that the actor made ``changes``; ``fields`` are their names in the form, ``risk`` is that of now.

    A release that was sent back begins its next round when it is resubmitted. Raises :class:`TooFewRemain`, naming
    who else may among ``editors``, the roles in which people may.
    """
    service = catalog.by_key.get(release.service)
    row = await _present_round(tx, catalog, release)
    rules = await rules_of_release(tx.session, service, release)
    material = _material(catalog, service, release, row, rules, changes)
    author = await _author(tx, service, release, material, editors, risk)
    decisions = await decisions_of(tx.session, release)
    approvers = tuple(one.person for one in decisions if one.verdict == APPROVED)
    undecided = release.state in SENT_BACK
    voided = bool(material) and not undecided and (bool(approvers) or release.state in PREPARING)
    earlier, round_ = read_news(row.changed if row else {}), release.round
    asked: tuple[str, ...] = ()
    if material and not undecided:
        if release.state in PREPARING:
            lifecycle.move(release, Verb.VOID, tx.now)
        await begin_next_round(tx, catalog, release, risk, author)
        asked = await asked_in_new_round(tx, catalog, release) if voided or _decided(decisions) else ()
        row = await tx.session.get(Round, (release.id, release.round))
    elif row is not None:
        row.authors = [*row.authors, *(one for one in author if one not in row.authors)]
        texts = {one.key: one.spelled[0] for one in changes if one.spelled and one not in material}
        row.corrected = {**texts, **row.corrected}
    if material:
        apart = requesters(release.requester, row.authors if row else ())
        people = people_to_tell(decisions, asked, apart)
        news = news_of_edit(earlier.without(apart), round_, people, tx.actor.person, changes)
    else:
        # Spelling asks nobody again, but what they are told already shows it.
        known = {one.key for one in earlier.changes}
        news = earlier.and_then([one for one in changes if one.key in known], tx.actor.person)
    if row is not None:
        row.changed = news.as_written()
    if fields:
        tx.record(
            ReleaseEdited(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                channel=service.channel if service else "",
                grounds=", ".join(dict.fromkeys(WORDS[one.field] for one in changes)),
                fields=fields,
                round=release.round,
                voided=voided,
                voided_people=approvers if voided else (),
                material=tuple(dict.fromkeys(WORDS[one.field] for one in material)),
                asked=asked if voided else (),
                changes=tuple(one.as_written() for one in changes),
                since=0 if undecided or news == earlier else news.since,
            )
        )
    return EditedRelease(release.identifier, fields, voided)


async def resubmit(
    tx: Transaction,
    catalog: Catalog,
    release: Release,
    changes: Sequence[ContentChange],
    fields: tuple[str, ...],
    risk: Risk | None,
) -> EditedRelease:
    """Its requester asks for approval again, with ``changes``. Those who decided before are shown what is new."""
    service = catalog.by_key.get(release.service)
    row = await _present_round(tx, catalog, release)
    decisions = await decisions_of(tx.session, release)
    earlier, round_ = read_news(row.changed if row else {}), release.round
    lifecycle.move(release, Verb.RESUBMIT, tx.now)
    await begin_next_round(tx, catalog, release, risk)
    asked = await asked_in_new_round(tx, catalog, release)
    row = await tx.session.get(Round, (release.id, release.round))
    apart = requesters(release.requester, row.authors if row else ())
    people = people_to_tell(decisions, asked, apart) if _decided(decisions) else ()
    news = news_of_edit(earlier.without(apart), round_, people, tx.actor.person, changes)
    if row is not None:
        row.changed = news.as_written()
    tx.record(
        ReleaseResubmitted(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            channel=service.channel if service else "",
            fields=fields,
            round=release.round,
            person=tx.actor.person,
            asked=asked,
            changes=tuple(one.as_written() for one in changes),
            since=news.since,
        )
    )
    return EditedRelease(release.identifier, fields, voided=True)


async def _present_round(tx: Transaction, catalog: Catalog, release: Release) -> Round | None:
    """The row of the present round; one of before there were any is begun now."""
    row = await tx.session.get(Round, (release.id, release.round))
    if row is None:
        await begin_round(tx, catalog, release)
        await tx.session.flush()
        row = await tx.session.get(Round, (release.id, release.round))
    return row


def _material(
    catalog: Catalog,
    service: Service | None,
    release: Release,
    row: Round | None,
    rules: RoundRules | None,
    changes: Sequence[ContentChange],
) -> list[ContentChange]:
    """A type that asks others for approval is material whatever the catalog says."""
    when = dict(rules.material if rules else Material().as_written())
    now = rules_in_force(service, release.type, row.risk if row else "")
    if rules is None or now is None or (now.required, now.later) != (rules.required, rules.later):
        when["type"] = "always"
    return material_among(changes, when, row.corrected if row else {}, names_in(catalog))


async def _author(
    tx: Transaction,
    service: Service | None,
    release: Release,
    material: Sequence[ContentChange],
    editors: tuple[str, ...],
    risk: Risk | None,
) -> frozenset[str]:
    """The actor, if this makes them an author. Raises :class:`TooFewRemain`."""
    before, person = await requesters_of(tx.session, release), tx.actor.person
    written = [one.field for one in material if one.field != WINDOW]
    if person in before or not written:
        return frozenset()
    rules = rules_in_force(service, release.type, risk.level if risk else "")
    if service is not None and rules is not None:
        sentence = await too_few_remain(tx.session, service, release, rules, before, person, editors)
        if sentence:
            raise TooFewRemain(sentence, written[0])
    return frozenset((person,))


def people_to_tell(decisions: Sequence[Decision], asked: Sequence[str], apart: AbstractSet[str]) -> tuple[str, ...]:
    """Who decided on the round and may again, then everybody who is ``asked`` now; nobody of those ``apart``."""
    decided = [one.person for one in _decided(decisions) if one.standing_in_for not in apart]
    return tuple(dict.fromkeys(one for one in (*decided, *asked) if one not in apart))


def _decided(decisions: Sequence[Decision]) -> list[Decision]:
    """Without broken glass, which decides nothing about the content."""
    return [one for one in decisions if one.verdict != BYPASSED]
