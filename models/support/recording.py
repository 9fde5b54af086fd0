from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import ConfigurationItem, Service
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.lifecycle import STOPPED
from models.lifecycle.tables.activities import ComponentTest
from models.lifecycle.tables.release import Release
from models.support.events import KnownErrorRecorded, KnownErrorWentLive
from models.support.forms import CheckedForm, KnownErrorForm, check_known_error, status_with
from models.support.search_words import fold_words
from models.support.tables import KnownError
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class RecordedKnownError:
    id: int
    number: str


async def record_known_error(
    work: UnitOfWork, actor: Actor, form: KnownErrorForm, nonce: str
) -> RecordedKnownError:
    """Record a known error; anybody may. It is live at once unless its release has yet to be deployed.

    ``nonce`` identifies the opened form: submitting it twice records one known error. Raises
    :class:`~models.errors.Invalid` with every field that is wrong.
    """
    async with work(actor) as tx:
        if await tx.once("known_error", nonce):
            return await _make(tx, form, nonce)
        made = (await tx.session.exec(select(KnownError).where(KnownError.form == nonce))).one()
        return RecordedKnownError(made.id, made.number)


async def go_live(tx: Transaction, release_id: int) -> tuple[str, ...]:
    """Make the known errors of a release that was just deployed live, and return their numbers."""
    query = select(KnownError).where(col(KnownError.release_id) == release_id, col(KnownError.live_at).is_(None))
    found = (await tx.session.exec(query.order_by(col(KnownError.id)))).all()
    for known_error in found:
        known_error.live_at = tx.now
        tx.record(
            KnownErrorWentLive(
                subject=known_error.number,
                release_id=release_id,
                known_error_id=known_error.id,
                title=known_error.title,
            )
        )
    return tuple(known_error.number for known_error in found)


def set_search_words(known_error: KnownError, service: Service | None, release: str = "") -> None:
    """Update the columns that a search reads; call it after any change of the texts.

    ``release`` is an identifier.
    """
    item = next((one for one in _items(service) if one.key == known_error.ci), None)
    texts = (
        known_error.title,
        known_error.symptom,
        known_error.workaround,
        known_error.ci or "",
        item.name if item else "",
        known_error.service or "",
        service.name if service else "",
        known_error.origin or "",
        release,
    )
    known_error.title_words = fold_words(known_error.title)
    known_error.words = fold_words("\n".join(texts))


async def _make(tx: Transaction, form: KnownErrorForm, nonce: str) -> RecordedKnownError:
    checked = check_known_error(form, await tx.catalog())
    release = await _release(tx.session, checked.release_id)
    known_error = KnownError(
        title=checked.title,
        service=checked.service.key,
        ci=_affected(checked),
        symptom=checked.symptom,
        workaround=checked.workaround,
        severity=checked.severity,
        status=status_with(checked.workaround),
        release_id=checked.release_id,
        recorded_by=tx.actor.person,
        recorded_at=tx.now,
        live_at=tx.now if release is None or _in_production(release) else None,
        form=nonce,
    )
    set_search_words(known_error, checked.service, release.identifier if release else "")
    tx.session.add(known_error)
    await tx.session.flush()
    made = RecordedKnownError(known_error.id, known_error.number)
    await _explain(tx, form.test_id, checked.release_id, made.id)
    tx.record(
        KnownErrorRecorded(
            subject=made.number,
            release_id=checked.release_id,
            known_error_id=made.id,
            title=known_error.title,
            service=checked.service.key,
            status=known_error.status,
        )
    )
    return made


async def _explain(tx: Transaction, test_id: int | None, release_id: int | None, known_error: int) -> None:
    """Link the failed test to its known error, if it is a test of the same release."""
    test = await tx.session.get(ComponentTest, test_id) if test_id else None
    if test is not None and test.release_id == release_id and not test.passed:
        test.known_error_id = known_error


async def _release(session: AsyncSession, release_id: int | None) -> Release | None:
    if release_id is None:
        return None
    release = await session.get(Release, release_id, with_for_update={"read": True})
    if release is None:
        raise Invalid({"release": "This release is not in the database any more. Choose another one or none."})
    return release


def _in_production(release: Release) -> bool:
    return release.deployed_at is not None and release.state not in STOPPED


def _affected(form: CheckedForm) -> str | None:
    """The configuration item of the service that title or symptom name, if it is exactly one."""
    words = fold_words(f"{form.title}\n{form.symptom}")
    named = [one for one in _items(form.service) if fold_words(one.key) in words or fold_words(one.name) in words]
    return named[0].key if len(named) == 1 else None


def _items(service: Service | None) -> tuple[ConfigurationItem, ...]:
    return service.configuration_items if service else ()
