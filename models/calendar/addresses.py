"""Making and ending the secret addresses at which calendar programs read the schedule."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from models.arguments import service_named
from models.calendar.events import CalendarAddressMade, CalendarAddressStopped
from models.calendar.tables import CalendarFeed
from models.catalog.document import OWNER, Catalog
from models.errors import Invalid, Refused
from models.events import Actor
from models.people.directory import roles_of
from models.unit_of_work import Transaction, UnitOfWork

HERE = "here"

MOST = 20
"""Addresses that one person or channel may have at a time."""

MANAGERS = ("release_manager", OWNER)
"""Who may end a channel's addresses that somebody else made."""


@dataclass(frozen=True, slots=True)
class Made:
    """An address that was made: this is the one time that it is known. ``services`` are names; none means all."""

    address: str
    services: tuple[str, ...]
    for_channel: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many addresses were ended, and how many are left that somebody else made."""

    count: int
    left: int
    for_channel: bool


def secret_hash(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def make_address(
    work: UnitOfWork, actor: Actor, channel: str, words: str, public_url: str, form: str
) -> Made:
    """Make an address for the person, or with ``here`` for the services of ``channel``.

    ``words`` may name services instead. ``form`` names the delivery: repeated, it makes no second address but
    gives the one a new secret. Raises :class:`~models.errors.Invalid` for words that are neither,
    :class:`~models.errors.Refused` when nobody could reach an address or when there are too many.
    """
    if not public_url:
        raise Refused(
            "Release Desk is not told where it is reached from outside, so there is no address to give. Whoever "
            "runs it sets PUBLIC_URL, and with Socket Mode PORT, too; docs/settings.md says how."
        )
    try:
        return await _make(work, actor, channel, words, public_url, form)
    except IntegrityError:  # the same delivery, at the same moment: its address is there now
        return await _make(work, actor, channel, words, public_url, form)


async def stop_addresses(work: UnitOfWork, actor: Actor, owner: str) -> Stopped:
    """End the addresses of ``owner``, the person or a channel; without any that is fine, too.

    Those that others made for a channel are ended only by the owner and the release managers of its services.
    """
    async with work(actor) as tx:
        query = select(CalendarFeed).where(col(CalendarFeed.owner) == owner, col(CalendarFeed.revoked_at).is_(None))
        rows = (await tx.session.exec(query.order_by(col(CalendarFeed.id)).with_for_update())).all()
        all_of_them = owner == actor.person or await _manages(tx, await tx.catalog(), owner)
        ended = [row for row in rows if all_of_them or row.made_by == actor.person]
        for row in ended:
            row.revoked_at = tx.now
            tx.record(CalendarAddressStopped(subject=row.id, owner=owner))
    return Stopped(len(ended), len(rows) - len(ended), owner != actor.person)


async def _make(work: UnitOfWork, actor: Actor, channel: str, words: str, public_url: str, form: str) -> Made:
    async with work(actor) as tx:
        catalog = await tx.catalog()
        for_channel = words.casefold() == HERE
        owner = channel if for_channel else actor.person
        asked = () if for_channel else _services(words, catalog)
        shown = _channels(catalog, channel) if for_channel else asked
        secret = secrets.token_urlsafe(32)
        await _keep(tx, owner, asked, secret, form)
    names = tuple(catalog.by_key[key].name for key in shown)
    return Made(f"{public_url}/calendar/{secret}.ics", names, for_channel)


async def _keep(tx: Transaction, owner: str, services: Sequence[str], secret: str, form: str) -> None:
    query = select(CalendarFeed).where(col(CalendarFeed.form) == form)
    before = (await tx.session.exec(query.with_for_update())).first()
    if before is not None:
        before.secret_hash = secret_hash(secret)
        return
    alive = select(func.count()).where(col(CalendarFeed.owner) == owner, col(CalendarFeed.revoked_at).is_(None))
    if (await tx.session.exec(alive)).one() >= MOST:
        raise Refused(
            f"There are {MOST} calendar addresses already. End them with /release calendar stop"
            f"{'' if owner == tx.actor.person else ' here'}, then make a new one."
        )
    row = CalendarFeed(
        secret_hash=secret_hash(secret),
        owner=owner,
        made_by=tx.actor.person,
        services=list(services),
        form=form,
        created_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(CalendarAddressMade(subject=row.id, owner=owner, services=tuple(services)))


def _services(words: str, catalog: Catalog) -> tuple[str, ...]:
    """The services that are named, by one name or by their keys; none when nothing is said."""
    whole = service_named(words.strip(), catalog)
    if whole is not None:
        return (whole.key,)
    found: list[str] = []
    for word in words.replace(",", " ").split():
        service = service_named(word, catalog)
        if service is None:
            known = ", ".join(sorted(catalog.by_key)[:20]) or "none, until a catalog is applied"
            raise Invalid({"text": f"{word[:40]!r} is no service. Write `here`, `stop` or services: {known}."})
        found.append(service.key)
    return tuple(dict.fromkeys(found))


def _channels(catalog: Catalog, channel: str) -> tuple[str, ...]:
    found = channel_services(catalog, channel)
    if not found:
        sentence = (
            "This channel is no service's. Ask in a service's channel, or name services: /release calendar PAY."
        )
        raise Invalid({"text": sentence})
    return found


def channel_services(catalog: Catalog, channel: str) -> tuple[str, ...]:
    """The keys of the services whose channel this is."""
    return tuple(service.key for service in catalog.services if service.channel == channel)


async def _manages(tx: Transaction, catalog: Catalog, channel: str) -> bool:
    for key in channel_services(catalog, channel):
        roles = await roles_of(tx.session, catalog.by_key[key], tx.actor.person)
        if not roles.isdisjoint(MANAGERS):
            return True
    return False
