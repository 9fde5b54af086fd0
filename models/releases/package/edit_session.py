"""An edit of a package: who may, whether they saw the present round, and what follows from the edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.catalog.document import Catalog, ConfigurationItem, Service
from models.catalog.revisions import hold_revision
from models.catalog.roles import REQUESTER, role_choice
from models.errors import Refused, Stale
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.packages.dependents import redraw_releases_after
from models.packages.events import PackageEvent
from models.packages.store import change_ref, nodes_of, read_rows, ref_of
from models.packages.tables import PackageNode
from models.packages.tree import Node, NodeType
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.package.package_changes import CHANGES, PACKAGE, package_changes
from models.releases.policy.risk_of_release import risk_of_release
from models.releases.policy.stored_findings import store_findings_of_package
from models.releases.request.change_content import EDITABLE, change_content
from models.unit_of_work import Snapshot, Transaction

PACKAGE_EDITORS = ("release_manager", "build_manager")
"""Who may edit a package, besides the requester of its release."""


@dataclass(frozen=True, slots=True)
class PackageEdit:
    """The release and round that a form edits; submitting the form ``nonce`` twice edits once."""

    release_id: int
    round: int
    nonce: str


@dataclass(frozen=True, slots=True)
class EditedPackage:
    """``title`` says what was edited; it is empty for a repeated submission. ``count`` counts nodes."""

    identifier: str
    title: str
    voided: bool = False
    count: int = 1


@dataclass
class OpenPackage:
    """A locked release whose package somebody edits."""

    tx: Transaction
    release: Release
    catalog: Catalog
    service: Service | None
    rows: Sequence[PackageNode]
    before: tuple[Node, ...]
    """What the package held before the edit."""
    planned: frozenset[str]
    """The keys of items that the release was to bring before the edit; none unless it is approved."""

    @property
    def id(self) -> int:
        return self.release.id

    @property
    def nodes(self) -> list[Node]:
        return nodes_of(self.rows, self.release.changes)

    @property
    def catalog_items(self) -> dict[str, ConfigurationItem]:
        """Every item of the catalog, by key: a release may bring one of another service."""
        return self.catalog.items_by_key

    def row(self, ref: str) -> PackageNode | None:
        return next((row for row in self.rows if ref in (ref_of(row.id), change_ref(row))), None)

    def next_position(self) -> int:
        return max((row.position for row in self.rows), default=0) + 1


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


async def open_package(tx: Transaction, editing: PackageEdit) -> tuple[OpenPackage, bool]:
    """The package, and whether to edit it: False for a form that was submitted before.

    Raises like :func:`release_to_edit`, and :class:`~models.errors.Stale` when the form is of an earlier round.
    """
    await hold_revision(tx.session)
    release = await release_to_edit(tx, editing.release_id)
    first = await tx.once("package", editing.nonce)
    if first and release.round != editing.round:
        raise Stale(f"{release.identifier} was changed meanwhile. Open its package again, then edit.")
    catalog = await tx.catalog()
    rows = await read_rows(tx.session, release.id)
    planned = (row.key for row in rows if row.what == NodeType.ITEM and release.approved_at)
    service = catalog.by_key.get(release.service)
    before = tuple(nodes_of(rows, release.changes))
    return OpenPackage(tx, release, catalog, service, rows, before, frozenset(planned)), first


async def close_package(package: OpenPackage, event: PackageEvent) -> EditedPackage:
    """Record the edit, begin the next round, and refresh the releases that depend on the package.

    Raises :class:`~models.errors.Refused` where too few people would be left to approve it.
    """
    tx, release = package.tx, package.release
    tx.record(event)
    await tx.session.flush()
    after = nodes_of(await read_rows(tx.session, package.id), release.changes)
    changes = package_changes(package.before, after)
    fields = tuple(dict.fromkeys(one.field for one in changes))
    if not {PACKAGE, CHANGES}.isdisjoint(fields):
        await store_findings_of_package(tx, package.catalog, release)
    risk = await risk_of_release(tx, package.catalog, release)
    edited = await change_content(tx, package.catalog, release, changes, fields, PACKAGE_EDITORS, risk)
    await redraw_releases_after(package.tx, package.catalog, package.id, package.planned, release.window_start)
    return EditedPackage(release.identifier, event.title, edited.voided)


def package_event_facts(package: OpenPackage) -> dict[str, Any]:
    channel = package.service.channel if package.service else ""
    return {
        "subject": package.id,
        "release_id": package.id,
        "identifier": package.release.identifier,
        "channel": channel,
    }
