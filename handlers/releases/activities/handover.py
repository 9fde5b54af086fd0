"""After the deployment: verify, early life support, handover, review, retirement."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import (
    ACCEPT_HANDOVER,
    HAND_OVER,
    RETIRE,
    REVIEW,
    SEND_BACK,
    START_SUPPORT,
    VERIFY,
)
from messages.releases.activities.handover import REVIEW_FORM, review_form
from messages.releases.reasons import SEND_BACK_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import handover
from models.releases.activities.step import check_may


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(VERIFY)(verify)
    registry.action(START_SUPPORT)(start_support)
    registry.action(HAND_OVER)(hand_over)
    registry.action(ACCEPT_HANDOVER)(accept)
    registry.action(SEND_BACK)(ask_why_sent_back)
    registry.view(SEND_BACK_REASON)(send_back)
    registry.action(REVIEW)(ask_for_review)
    registry.view(REVIEW_FORM)(review)
    registry.action(RETIRE)(retire)


async def verify(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the release works in production; the card shows it."""
    await handover.verify_deployment(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def start_support(desk: Desk, incoming: Incoming) -> Answer:
    """Begin early life support; the card shows it."""
    await handover.start_support(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def hand_over(desk: Desk, incoming: Incoming) -> Answer:
    """Offer the release to operations; card and thread show it."""
    await handover.offer_handover(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def accept(desk: Desk, incoming: Incoming) -> Answer:
    """Take the release over; card and thread show it."""
    await handover.accept_handover(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def ask_why_sent_back(desk: Desk, incoming: Incoming) -> Answer:
    """Ask why the handover is not accepted."""
    release_id = int(incoming.value["r"])
    step = await check_may(desk.work, desk.catalogs, incoming.actor, Verb.SEND_BACK, release_id)
    return Open(reason_form(SEND_BACK_REASON, step.release.identifier, release_id, 0))


async def send_back(desk: Desk, incoming: Incoming) -> Answer:
    """Send the handover back; card and thread show it."""
    reason = written(incoming.fields, "reason")
    await handover.send_back(desk.work, desk.catalogs, incoming.actor, int(incoming.metadata["r"]), reason)
    return Nothing()


async def ask_for_review(desk: Desk, incoming: Incoming) -> Answer:
    """Ask whether the release did what it was for."""
    release_id = int(incoming.value["r"])
    step = await check_may(desk.work, desk.catalogs, incoming.actor, Verb.REVIEW, release_id)
    return Open(review_form(release_id, step.release.identifier))


async def review(desk: Desk, incoming: Incoming) -> Answer:
    """Keep the review; the card shows it."""
    worked, text = (written(incoming.fields, name) for name in ("worked", "review"))
    release_id = int(incoming.metadata["r"])
    await handover.review_release(desk.work, desk.catalogs, incoming.actor, release_id, worked, text)
    return Nothing()


async def retire(desk: Desk, incoming: Incoming) -> Answer:
    """Retire the release; the card shows it."""
    await handover.retire_release(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()
