"""Has Slack's own ``blocks.validate`` look at what Release Desk shows: the newest message of each kind."""

import json
from typing import Any

from sqlmodel import col, func, select

from bot.doctor.calls import Caller, Refused
from bot.doctor.diagnosis import Finding, fail, ok, warn
from handlers.dispatch.help import help_for
from handlers.registration import build_registry
from messages.kit.blocks import Block
from models.catalog.document import Catalog
from models.outbox import Outgoing
from models.storage.database import Database
from models.time.clock import Clock
from scheduler.renderers import RENDERERS, Reading


async def messages(database: Database, catalog: Catalog, clock: Clock, caller: Caller) -> list[Finding]:
    """One finding for each kind of message there is an example of."""
    registry = build_registry()
    samples = {command: help_for(registry, command).blocks for command in registry.commands()}
    samples |= await _newest(database, catalog, clock)
    found: list[Finding] = []
    for name, blocks in samples.items():
        try:
            await caller.call("blocks.validate", blocks=json.dumps(blocks))
        except Refused as refused:
            if refused.code == "unknown_method":
                return [
                    warn("Slack does not offer blocks.validate here", "Nothing to do; messages were not checked.")
                ]
            found.append(fail(f"Message {name}: {refused.code}{_detail(refused)}", "Please report this line."))
        else:
            found.append(ok(f"Message {name}"))
    return found


async def _newest(database: Database, catalog: Catalog, clock: Clock) -> dict[str, list[Block]]:
    """The newest message of each kind, as it would be sent now."""
    samples: dict[str, list[Block]] = {}
    async with database.reporting() as session:
        newest = select(func.max(Outgoing.id)).group_by(col(Outgoing.message))
        rows = (await session.exec(select(Outgoing).where(col(Outgoing.id).in_(newest)))).all()
        for row in rows:
            renderer = RENDERERS[row.message]
            record = await renderer.load(Reading(session, catalog, clock.now(), row))
            if record is not None:
                samples[row.message] = renderer.render(record).blocks
    return samples


def _detail(refused: Refused) -> str:
    error: Any = refused.__cause__
    errors = error.response.get("errors") if hasattr(error, "response") else None
    return f" {json.dumps(errors)}" if errors else ""
