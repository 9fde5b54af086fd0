"""The doctor on messages: Slack's ``blocks.validate`` checks the newest message of each kind."""

import json
from typing import Any

from sqlmodel import col, func, select

from bot.doctor.calls import Caller, CallRefused
from bot.doctor.diagnosis import Diagnosis, fail, ok, warn
from handlers.dispatch.help import help_for
from handlers.registration import build_registry
from messages.kit.blocks import Block
from models.catalog.document import Catalog
from models.outbox import Outgoing
from models.storage.database import Database
from models.time.clock import Clock
from scheduler.renderers import RENDERERS, Reading


async def messages(database: Database, catalog: Catalog, clock: Clock, caller: Caller) -> list[Diagnosis]:
    """One for each kind of message that the outbox has an example of, and for each command's help."""
    registry = build_registry()
    samples = {command: help_for(registry, command).blocks for command in registry.commands()}
    samples |= await _newest(database, catalog, clock)
    diagnoses: list[Diagnosis] = []
    for name, blocks in samples.items():
        try:
            await caller.call("blocks.validate", blocks=json.dumps(blocks))
        except CallRefused as refused:
            if refused.code == "unknown_method":
                return [
                    warn("Slack does not offer blocks.validate here", "Nothing to do; messages were not checked.")
                ]
            diagnoses.append(fail(f"Message {name}: {refused.code}{_detail(refused)}", "Please report this line."))
        else:
            diagnoses.append(ok(f"Message {name}"))
    return diagnoses


async def _newest(database: Database, catalog: Catalog, clock: Clock) -> dict[str, list[Block]]:
    """The newest message of each kind, as it would be sent now."""
    samples: dict[str, list[Block]] = {}
    async with database.reporting() as session:
        newest = select(func.max(Outgoing.id)).group_by(col(Outgoing.message))
        rows = (await session.exec(select(Outgoing).where(col(Outgoing.id).in_(newest)))).all()
        for row in rows:
            message = await RENDERERS[row.message].message(Reading(session, catalog, clock.now(), row))
            if message is not None:
                samples[row.message] = message.blocks
    return samples


def _detail(refused: CallRefused) -> str:
    error: Any = refused.__cause__
    errors = error.response.get("errors") if hasattr(error, "response") else None
    return f" {json.dumps(errors)}" if errors else ""
