"""What a changed catalog means for rounds that are open: docs/process.md#rules-of-a-round."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import and_, col, select

from models.catalog.differences import changed_services
from models.catalog.document import OWNER, Catalog, Service
from models.catalog.events import RulesLoosened
from models.lifecycle.lifecycle import PREPARING, State
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import Decision, Round
from models.lifecycle.tables.release import Release
from models.people.directory import expand, roles_of
from models.releases.activities.criteria.release_criteria import add_new_criteria
from models.releases.approval.decisions import APPROVED, decisions_of
from models.releases.approval.events import RulesKept, RulesTightened
from models.releases.approval.progress import can_still_approve, quorum_progress
from models.releases.approval.rounds.changes import compare_rules, tighten
from models.releases.approval.rounds.rules import RoundRules, put_rules, rules_of
from models.releases.approval.rounds.store import begin_round
from models.risk_levels import RAISED
from models.services.type_changes import TypeChanges, compare_criteria, type_changes
from models.unit_of_work import Transaction

UNDER_RULES = (State.REQUESTED, *PREPARING)
"""The round is open: its rules say what is asked until the deployment starts."""


@dataclass
class _Loosened:
    """What was loosened in one service: the types by phrase, and the open releases that keep their rules."""

    types: dict[str, list[str]] = field(default_factory=dict)
    releases: list[str] = field(default_factory=list)


async def carry_rules_over(tx: Transaction, before: Catalog, after: Catalog, revision: int) -> None:
    """Keep in open rounds what was loosened, add to undecided ones what was tightened, and tell those concerned."""
    services = changed_services(before, after)
    changes = {
        key: {risk: type_changes(before.by_key[key], after.by_key[key], risk) for risk in ("", *RAISED)}
        for key in sorted(services)
    }
    loosened = {key: _of_types(after.by_key[key], changes[key]) for key in changes}
    for release, row in await _open_rounds(tx, before, services):
        found = changes[release.service][row.risk if row.risk in RAISED else ""].get(release.type)
        if found is None:
            continue
        if kept := _kept(rules_of(row), found):
            loosened[release.service].releases.append(release.identifier)
            _record_kept(tx, after, release, kept)
        if release.state == State.REQUESTED:
            await _tighten(tx, after.by_key[release.service], release, row, found, revision)
    await _tell_of_loosened(tx, before, after, loosened, revision)


def _of_types(service: Service, changes: Mapping[str, Mapping[str, TypeChanges]]) -> _Loosened:
    """``changes`` by risk; what is loosened at any risk is said once."""
    found = _Loosened()
    for name in service.policy.types:
        said: set[str] = set()
        for risk, types in changes.items():
            for phrase in types[name].loosened if name in types else ():
                if phrase not in said:
                    said.add(phrase)
                    words = f"at {risk} risk, {phrase}" if risk else phrase
                    found.types.setdefault(words, []).append(name)
    return found


def _kept(held: RoundRules, found: TypeChanges) -> tuple[str, ...]:
    """What the round goes on to ask for; nothing where its own rules weren't stricter in the first place."""
    still_stricter = compare_rules(held, found.now).loosened
    return (found.rules.loosened if still_stricter else ()) + found.criteria.loosened


def _record_kept(tx: Transaction, catalog: Catalog, release: Release, kept: tuple[str, ...]) -> None:
    tx.record(
        RulesKept(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            channel=catalog.by_key[release.service].channel,
            grounds=f"loosened for later rounds only: {'; '.join(kept)}",
            round=release.round,
            kept=kept,
        )
    )


async def _open_rounds(
    tx: Transaction, before: Catalog, services: Iterable[str]
) -> Sequence[tuple[Release, Round]]:
    """The open releases of ``services``, locked, each with its present round."""
    query = (
        select(Release)
        .where(col(Release.state).in_(UNDER_RULES), col(Release.service).in_(list(services)))
        .order_by(col(Release.id))
        .with_for_update()
    )
    releases = (await tx.session.exec(query)).all()
    found = await _rounds(tx, releases)
    for release in releases:
        if release.id not in found:
            # Made by an older Release Desk during the upgrade: from now on it keeps the rules of before.
            await begin_round(tx, before, release)
    await tx.session.flush()
    found = await _rounds(tx, releases)
    return [(release, found[release.id]) for release in releases if release.id in found]


async def _rounds(tx: Transaction, releases: Sequence[Release]) -> dict[int, Round]:
    query = (
        select(Round)
        .join(Release, and_(col(Release.id) == col(Round.release_id), col(Release.round) == col(Round.round)))
        .where(col(Round.release_id).in_([release.id for release in releases]))
    )
    return {row.release_id: row for row in (await tx.session.exec(query)).all()}


async def _tighten(
    tx: Transaction, service: Service, release: Release, row: Round, found: TypeChanges, revision: int
) -> None:
    """Ask an undecided round for what was added; everybody who has approved stays counted."""
    held = rules_of(row)
    tightened = tighten(held, found.now)
    added = [*compare_rules(held, tightened).tightened]
    for gate, texts in found.new_criteria.items():
        new = await add_new_criteria(tx, release.id, gate, texts)
        added += compare_criteria(gate, (), tuple(new)).tightened
    if not added:
        return
    decisions = await decisions_of(tx.session, release)
    requesters = await requesters_of(tx.session, release)
    could = await can_still_approve(
        tx.session, service, quorum_progress(held.required, decisions, requesters), tx.now
    )
    put_rules(row, tightened)
    await _add_roles(tx, service, decisions, [role for role in tightened.required if role not in held.required])
    progress = quorum_progress(tightened.required, decisions, requesters)
    can = await can_still_approve(tx.session, service, progress, tx.now)
    tx.record(
        RulesTightened(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            channel=service.channel,
            grounds="; ".join(added),
            round=release.round,
            revision=revision,
            added=tuple(added),
            asked=tuple(one for one in can if one not in could),
        )
    )


async def _add_roles(
    tx: Transaction, service: Service, decisions: Sequence[Decision], roles: Sequence[str]
) -> None:
    """Whoever has approved counts in the new roles that they hold, too: nobody can approve twice."""
    for decision in decisions:
        if roles and decision.verdict == APPROVED:
            held = await roles_of(tx.session, service, decision.standing_in_for or decision.person)
            decision.roles = [*decision.roles, *(role for role in roles if role in held)]


async def _tell_of_loosened(
    tx: Transaction, before: Catalog, after: Catalog, loosened: Mapping[str, _Loosened], revision: int
) -> None:
    told: dict[str, list[str]] = {}
    services = []
    for key, found in loosened.items():
        if not found.types:
            continue
        lines = [_line(after.by_key[key], phrase, types) for phrase, types in found.types.items()]
        services.append({"key": key, "lines": lines, "releases": found.releases})
        for person in await _responsible(tx, before, after, key):
            told.setdefault(person, []).append(key)
    if services:
        tx.record(
            RulesLoosened(
                subject=revision,
                by=tx.actor.person,
                services=tuple(services),
                told={person: tuple(keys) for person, keys in told.items()},
            )
        )


def _line(service: Service, phrase: str, types: Sequence[str]) -> str:
    """The phrase, with the types that it is about unless it is about all of them."""
    return phrase if len(types) == len(service.policy.types) else f"{', '.join(types)}: {phrase}"


async def _responsible(tx: Transaction, before: Catalog, after: Catalog, key: str) -> list[str]:
    """The owner and the process owner, also those of before: what is loosened may come with a new owner."""
    subjects = [one.by_key[key].holders(OWNER) for one in (before, after)]
    subjects += [(one.process_owner,) for one in (before, after) if one.process_owner]
    return sorted(await expand(tx.session, [subject for held in subjects for subject in held], after.barred))
