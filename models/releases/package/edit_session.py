"""A package that somebody edits: opened for them, checked for what they saw, and closed with what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.catalog.document import Catalog, ConfigurationItem, Service
from models.catalog.roles import REQUESTER, role_choice
from models.errors import Refused, Stale
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.packages.dependents import redraw_later
from models.packages.events import PackageEvent
from models.packages.store import change_ref, nodes_of, read_rows, ref_of
from models.packages.tables import PackageNode
from models.packages.tree import Node, NodeType
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.policy.stored_findings import store_compatibility
from models.releases.request.edit import EDITABLE, change_content
from models.unit_of_work import Snapshot, Transaction

PACKAGE_EDITORS = ("release_manager", "build_manager")
"""The roles that may edit a package besides the requester of its release."""

PACKAGE = "package"

CHANGES = "changes"
"""What an edit changes of the release, as :data:`models.releases.request.form.MATERIAL` calls it."""


@dataclass(frozen=True, slots=True)
class PackageEdit:
    """The form in which somebody edits: of which release, of which round, and the nonce that makes it act once."""

    release_id: int
    round: int
    nonce: str


@dataclass(frozen=True, slots=True)
class EditedPackage:
    """What an edit came to: in words, and whether everybody has to decide again."""

    identifier: str
    title: str
    voided: bool = False
    count: int = 1


@dataclass
class Opened:
    """A release whose package is being edited."""

    tx: Transaction
    release: Release
    catalog: Catalog
    service: Service | None
    rows: Sequence[PackageNode]
    planned: frozenset[str]
    """What the release was planned to bring before the edit, by key; nothing unless it was approved."""

    @property
    def id(self) -> int:
        return self.release.id

    @property
    def nodes(self) -> list[Node]:
        return nodes_of(self.rows, self.release.changes)

    @property
    def known(self) -> dict[str, ConfigurationItem]:
        """Every item of the catalog: a release may bring one of another service."""
        return self.catalog.items_by_key

    def row(self, ref: str) -> PackageNode | None:
        return next((one for one in self.rows if ref in (ref_of(one.id), change_ref(one))), None)

    def place(self) -> int:
        return max((one.position for one in self.rows), default=0) + 1


async def release_to_edit(snapshot: Snapshot, release_id: int) -> Release:
    """The release, locked in a transaction, when the actor may edit what it contains.

    Raises :class:`~models.errors.Refused` for people who may not and releases past it.
    """
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    if release.state not in EDITABLE:
        words = State(release.state).words
        raise Refused(f"{release.identifier} is {words}, so what it contains cannot be changed any more.")
    person = snapshot.actor.person
    roles = await roles_of(snapshot.session, service, person) if service else frozenset()
    if person != release.requester and roles.isdisjoint(PACKAGE_EDITORS):
        people = await holder_names(snapshot.session, service, PACKAGE_EDITORS) if service else "its requester"
        asked = role_choice((REQUESTER, *PACKAGE_EDITORS))
        raise Refused(f"What {release.identifier} contains is edited by its {asked}: {people}.")
    return release


async def open_package(tx: Transaction, release_id: int) -> Opened:
    """The package, to edit. Raises like :func:`release_to_edit`."""
    release = await release_to_edit(tx, release_id)
    catalog = await tx.catalog()
    rows = await read_rows(tx.session, release_id)
    planned = (row.key for row in rows if row.what == NodeType.ITEM and release.approved_at)
    return Opened(tx, release, catalog, catalog.by_key.get(release.service), rows, frozenset(planned))


def check_round(package: Opened, round_: int) -> None:
    """Raises :class:`~models.errors.Stale` when the release is no longer of the round that the person saw."""
    if package.release.round != round_:
        raise Stale(f"{package.release.identifier} was changed meanwhile. Open its package again, then edit.")


async def close(package: Opened, field: str, event: PackageEvent) -> EditedPackage:
    """Record the edit; approvals of what was there before no longer hold, and nobody counts on it any more."""
    package.tx.record(event)
    if field == PACKAGE:
        await store_compatibility(package.tx, package.catalog, package.release)
    edited = await change_content(package.tx, package.catalog, package.release, (field,))
    release = package.release
    await redraw_later(package.tx, package.catalog, package.id, package.planned, release.window_start)
    return EditedPackage(release.identifier, event.title, edited.voided)


def package_event_facts(package: Opened) -> dict[str, Any]:
    """What every event of an edit says."""
    channel = package.service.channel if package.service else ""
    return {
        "subject": package.id,
        "release_id": package.id,
        "identifier": package.release.identifier,
        "channel": channel,
    }
