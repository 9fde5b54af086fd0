"""The secret addresses at which calendar programs read the schedule: make one, end them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from models.arguments import known_services, service_named
from models.calendar.events import CalendarAddressMade, CalendarAddressStopped
from models.calendar.tables import CalendarFeed
from models.catalog.document import Catalog, Service
from models.catalog.roles import AUTHORITY
from models.errors import Invalid, Refused
from models.events import Actor
from models.people.directory import roles_of
from models.unit_of_work import Transaction, UnitOfWork

HERE = "here"

ADDRESS_LIMIT = 20
"""Addresses that one person or channel may have at a time."""


@dataclass(frozen=True, slots=True)
class NewAddress:
    """A new address, known this once. ``services`` are names; none means all."""

    address: str
    services: tuple[str, ...]
    for_channel: bool


@dataclass(frozen=True, slots=True)
class StoppedAddresses:
    """How many addresses were ended, and how many are ``left`` because somebody else made them."""

    count: int
    left: int
    for_channel: bool


def secret_hash(secret: str) -> str:
    """All that the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def make_address(
    work: UnitOfWork, actor: Actor, channel: str, words: str, public_url: str, payload_key: str
) -> NewAddress:
    """Make an address for the person, or for the services of ``channel`` when ``words`` says ``here``.

    ``words`` may name services instead. A repeated ``payload_key`` replaces the secret of the first address. Raises
    :class:`~models.errors.Invalid` for unknown words, and :class:`~models.errors.Refused` without a public URL or
    with :data:`ADDRESS_LIMIT` addresses already.
    """
    if not public_url:
        raise Refused(
            "Release Desk is not told where it is reached from outside, so there is no address to give. Whoever "
            "runs it sets PUBLIC_URL, and with Socket Mode PORT, too; docs/settings.md says how."
        )
    async with work(actor) as tx:
        catalog = await tx.catalog()
        for_channel = words.casefold() == HERE
        owner = channel if for_channel else actor.person
        services = _channel_services(catalog, channel) if for_channel else _services(words, catalog)
        keys = () if for_channel else tuple(service.key for service in services)
        secret = secrets.token_urlsafe(32)
        await _store_address(tx, owner, keys, secret, payload_key)
    names = tuple(service.name for service in services)
    return NewAddress(f"{public_url}/calendar/{secret}.ics", names, for_channel)


async def stop_addresses(work: UnitOfWork, actor: Actor, owner: str) -> StoppedAddresses:
    """End the addresses of ``owner``, the person themselves or a channel.

    Only the owner and the release managers of a channel's services end what others made for it.
    """
    async with work(actor) as tx:
        query = select(CalendarFeed).where(col(CalendarFeed.owner) == owner, col(CalendarFeed.revoked_at).is_(None))
        rows = (await tx.session.exec(query.order_by(col(CalendarFeed.id)).with_for_update())).all()
        may_stop_all = owner == actor.person or await _has_authority(tx, await tx.catalog(), owner)
        ended = [row for row in rows if may_stop_all or row.made_by == actor.person]
        for row in ended:
            row.revoked_at = tx.now
            tx.record(CalendarAddressStopped(subject=row.id, owner=owner))
    return StoppedAddresses(len(ended), len(rows) - len(ended), owner != actor.person)


async def _store_address(
    tx: Transaction, owner: str, services: Sequence[str], secret: str, payload_key: str
) -> None:
    if not await tx.once("calendar", payload_key):
        made = (await tx.session.exec(select(CalendarFeed).where(CalendarFeed.form == payload_key))).one()
        made.secret_hash = secret_hash(secret)
        return
    alive = select(func.count()).where(col(CalendarFeed.owner) == owner, col(CalendarFeed.revoked_at).is_(None))
    if (await tx.session.exec(alive)).one() >= ADDRESS_LIMIT:
        raise Refused(
            f"There are {ADDRESS_LIMIT} calendar addresses already. End them with /release calendar stop"
            f"{'' if owner == tx.actor.person else ' here'}, then make a new one."
        )
    row = CalendarFeed(
        secret_hash=secret_hash(secret),
        owner=owner,
        made_by=tx.actor.person,
        services=list(services),
        form=payload_key,
        created_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(CalendarAddressMade(subject=row.id, owner=owner, services=tuple(services)))


def _services(words: str, catalog: Catalog) -> list[Service]:
    """The services named in ``words``: one by its name, or several by their keys."""
    whole = service_named(words.strip(), catalog)
    if whole is not None:
        return [whole]
    found: dict[str, Service] = {}
    for word in words.replace(",", " ").split():
        service = service_named(word, catalog)
        if service is None:
            known = known_services(catalog)
            raise Invalid({"text": f"{word[:40]!r} is no service. Write `here`, `stop` or services: {known}."})
        found[service.key] = service
    return list(found.values())


def _channel_services(catalog: Catalog, channel: str) -> list[Service]:
    services = catalog.services_in(channel)
    if not services:
        sentence = (
            "This channel is no service's. Ask in a service's channel, or name services: /release calendar PAY."
        )
        raise Invalid({"text": sentence})
    return services


async def _has_authority(tx: Transaction, catalog: Catalog, channel: str) -> bool:
    for service in catalog.services_in(channel):
        roles = await roles_of(tx.session, service, tx.actor.person)
        if not roles.isdisjoint(AUTHORITY):
            return True
    return False
