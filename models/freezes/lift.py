"""Lifting a typed freeze before its time."""

from dataclasses import dataclass

from models.catalog.document import Catalog
from models.catalog.freezes import FreezeInForce, freezes_of_catalog
from models.errors import NotFound
from models.events import Actor
from models.freezes.access import check_may_freeze
from models.freezes.events import FreezeLifted
from models.freezes.freeze import LIFTED, channels_of, open_releases, typed_now
from models.freezes.in_force import ALL, freezes_of, typed_between
from models.freezes.records import FreezeShown, freezes_shown
from models.freezes.tables import TypedFreeze
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Unfrozen:
    """``lifted`` is over now, if anything is. ``left`` are typed freezes of the same service that the person may
    lift, ``beyond`` what else holds: freezes of the catalog, and of all services."""

    service: str
    service_name: str
    lifted: FreezeShown | None
    left: tuple[FreezeShown, ...]
    beyond: tuple[FreezeInForce, ...]


async def unfreeze(work: UnitOfWork, actor: Actor, service: str) -> Unfrozen:
    """Lift the actor's own freeze of ``service``, or the only one that another person typed.

    Of several by others none is lifted: the person chooses. Raises :class:`~models.errors.Refused` for people who
    may not.
    """
    async with work(actor) as tx:
        catalog = await tx.catalog()
        await check_may_freeze(tx, catalog, service)
        holding = list(await typed_now(tx, service))
        own = [row for row in holding if row.made_by == actor.person]
        chosen = next(iter(own or (holding if len(holding) == 1 else ())), None)
        if chosen is not None:
            await _lift(tx, catalog, chosen)
        return await _answer(tx, catalog, service, chosen)


async def lift_freeze(work: UnitOfWork, actor: Actor, freeze_id: int) -> Unfrozen:
    """Lift one typed freeze, whoever typed it. Raises like :func:`unfreeze`; one that is over stays as it is."""
    async with work(actor) as tx:
        catalog = await tx.catalog()
        row = await tx.session.get(TypedFreeze, freeze_id)
        if row is None:
            raise NotFound("This freeze is not in the database any more.")
        await check_may_freeze(tx, catalog, row.service)
        chosen = next((one for one in await typed_now(tx, row.service) if one.id == freeze_id), None)
        if chosen is not None:
            await _lift(tx, catalog, chosen)
        return await _answer(tx, catalog, row.service, chosen)


async def _lift(tx: Transaction, catalog: Catalog, row: TypedFreeze) -> None:
    told = await open_releases(tx, row.told)
    before = row.ends_at
    row.lifted_at, row.lifted_by, row.changed_at = tx.now, tx.actor.person, tx.now
    row.version += 1
    tx.record(
        FreezeLifted(
            subject=row.id,
            grounds=row.reason,
            service=row.service,
            what=LIFTED,
            until=tx.now.isoformat(),
            person=tx.actor.person,
            version=row.version,
            channels=channels_of(catalog, row.service),
            releases=tuple((one.id, LIFTED) for one in told),
            made_by=row.made_by,
            before=before.isoformat(),
        )
    )


async def _answer(tx: Transaction, catalog: Catalog, service: str, lifted: TypedFreeze | None) -> Unfrozen:
    left = [row for row in await typed_now(tx, service) if row is not lifted]
    shown = await freezes_shown(tx.session, catalog, [*([lifted] if lifted else []), *left])
    beyond: list[FreezeInForce] = []
    found = catalog.by_key.get(service)
    if found is not None:
        everywhere = [row for row in await typed_between(tx.session, tx.now, tx.now) if row.service == ALL]
        beyond += freezes_of(service, everywhere)
        beyond += freezes_of_catalog(found.policy.freezes, tx.now, tx.now, catalog.zone(found))
    return Unfrozen(
        service=service,
        service_name=found.name if found else "All services",
        lifted=shown[0] if lifted else None,
        left=shown[1:] if lifted else shown,
        beyond=tuple(beyond),
    )
