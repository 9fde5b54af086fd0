from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from models.catalog.differences import changed_services, differences
from models.catalog.document import Catalog
from models.catalog.events import CatalogApplied
from models.catalog.revisions import CatalogRevision, lock_revisions
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.release import Release
from models.membership.barred import barred_subjects
from models.services.open_rounds import carry_rules_over
from models.unit_of_work import Transaction, UnitOfWork

RELEASES_NAMED = 5
"""Releases that one sentence of a refusal names."""


async def apply_catalog(work: UnitOfWork, actor: Actor, catalog: Catalog, *, dry_run: bool = False) -> list[str]:
    """Put ``catalog`` into force; returns the differences, a line each. With ``dry_run`` nothing is stored.

    Raises :class:`~models.errors.Refused` when it drops a service or a type that open releases belong to.
    """
    async with work(actor) as tx:
        await lock_revisions(tx.session)
        before = await tx.catalog()
        return await replace_catalog(tx, before, catalog, dry_run=dry_run)


async def replace_catalog(tx: Transaction, before: Catalog, after: Catalog, *, dry_run: bool = False) -> list[str]:
    """Like :func:`apply_catalog`, for a transaction that holds the lock on the revisions."""
    after = after.without(await barred_subjects(tx.session, after.guests))
    changes = differences(before, after)
    releases = await _open_releases(tx)
    _refuse_loss(releases, before, after)
    if changes and not dry_run:
        revision = await _store(tx, after, changes, _of_changed_services(releases, before, after))
        await carry_rules_over(tx, before, after, revision)
    return changes


async def _store(tx: Transaction, catalog: Catalog, changes: Sequence[str], releases: tuple[int, ...]) -> int:
    document = catalog.model_dump(mode="json", by_alias=True)
    row = CatalogRevision(applied_at=tx.now, applied_by=tx.actor.person, document=document)
    tx.session.add(row)
    await tx.session.flush()
    tx.record(CatalogApplied(subject=row.id, changes=tuple(changes), releases=releases))
    return row.id


OpenRelease = tuple[int, str, str, str]
"""Id, identifier, service and type of a release."""


async def _open_releases(tx: Transaction) -> list[OpenRelease]:
    query = select(Release.id, Release.identifier, Release.service, Release.type)
    rows = await tx.session.exec(query.where(col(Release.state).in_(OPEN)).order_by(col(Release.id)))
    return list(rows.all())


def _of_changed_services(releases: Sequence[OpenRelease], before: Catalog, after: Catalog) -> tuple[int, ...]:
    services = changed_services(before, after)
    return tuple(identity for identity, _, service, _ in releases if service in services)


def _refuse_loss(releases: Sequence[OpenRelease], before: Catalog, after: Catalog) -> None:
    in_use: dict[str, list[str]] = defaultdict(list)
    for _, identifier, service, kind in releases:
        for lost in _lost(service, kind, before, after):
            in_use[lost].append(identifier)
    if in_use:
        raise Refused("\n".join(_refusal(what, identifiers) for what, identifiers in in_use.items()))


def _lost(service: str, kind: str, before: Catalog, after: Catalog) -> Iterator[str]:
    old, new = before.by_key.get(service), after.by_key.get(service)
    if old is not None and new is None:
        yield f"The service {service}"
    elif old is not None and new is not None and kind in old.policy.types and kind not in new.policy.types:
        yield f"The type {kind} of {service}"


def _refusal(what: str, identifiers: Sequence[str]) -> str:
    more = f" and {len(identifiers) - RELEASES_NAMED} more" if len(identifiers) > RELEASES_NAMED else ""
    named = ", ".join(identifiers[:RELEASES_NAMED])
    return f"{what} cannot go while releases of it are open: {named}{more}. Deploy or cancel them first."
