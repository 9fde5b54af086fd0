"""The doctor: looks at everything that Release Desk needs, and says of each failing what to do."""

from collections.abc import AsyncIterator
from typing import TextIO

from bot.config.settings import Settings
from bot.doctor import database_checks, http_checks, message_checks, slack_checks
from bot.doctor.calls import Caller
from bot.doctor.diagnosis import Finding, Verdict
from bot.slack.client import make_client, make_session
from models.storage.database import Database
from models.time.clock import Clock, SystemClock


async def examine(settings: Settings, out: TextIO, *, messages: bool = False, clock: Clock | None = None) -> bool:
    """Write a line for each thing looked at to ``out``; gives whether nothing fails.

    ``messages`` has Slack look at the messages, too. Raises :class:`~models.errors.Invalid` when the database's
    address cannot be read.
    """
    counts = dict.fromkeys(Verdict, 0)
    async for finding in _look(settings, clock or SystemClock(), messages=messages):
        counts[finding.verdict] += 1
        out.write(f"{finding}\n")
        out.flush()
    fine, odd, failing = (counts[one] for one in (Verdict.OK, Verdict.WARN, Verdict.FAIL))
    out.write(f"\n{fine} ok, {odd} to look at, {failing} failing\n")
    return not failing


async def _look(settings: Settings, clock: Clock, *, messages: bool) -> AsyncIterator[Finding]:
    database = Database(settings.database_url.get_secret_value())
    try:
        async with make_session() as session:
            caller = Caller(make_client(settings, session))
            about_token = await slack_checks.bot_token(caller, settings, clock)
            for finding in about_token:
                yield finding
            for finding in await slack_checks.way_in(caller, settings):
                yield finding
            async for finding in http_checks.public_address(settings, session):
                yield finding
            for finding in http_checks.hook_secret(settings):
                yield finding
            usable = caller if about_token[0].verdict is Verdict.OK else None
            async for finding in _look_at_data(settings, database, usable, clock, messages=messages):
                yield finding
    finally:
        await database.close()


async def _look_at_data(
    settings: Settings, database: Database, caller: Caller | None, clock: Clock, *, messages: bool
) -> AsyncIterator[Finding]:
    """The database, and what it names in Slack as far as a ``caller`` can look there."""
    finding, readable = await database_checks.schema(database)
    yield finding
    if not readable:
        return
    finding, catalog = await database_checks.applied_catalog(database)
    yield finding
    for one in http_checks.hook_wanted(settings, catalog):
        yield one
    for one in await slack_checks.named_in(catalog, caller) if caller else ():
        yield one
    for one in await database_checks.outbox(database, clock):
        yield one
    for one in await message_checks.messages(database, catalog, clock, caller) if messages and caller else ():
        yield one
