"""The doctor: checks everything that Release Desk needs, and says what to do about what fails."""

from collections.abc import AsyncIterator
from typing import TextIO

from bot.config.settings import Settings
from bot.doctor import block_checks as message_checks
from bot.doctor import database_checks, http_checks, slack_checks
from bot.doctor.calls import Caller
from bot.doctor.diagnosis import Diagnosis, Level
from bot.doctor.outbox_checks import outbox
from bot.slack.client import make_client, make_session
from models.storage.database import Database
from models.time.clock import Clock, SystemClock


async def examine(settings: Settings, out: TextIO, *, messages: bool = False, clock: Clock | None = None) -> bool:
    """Write the report to ``out``; True if nothing fails. ``messages`` has Slack check the messages, too.

    Raises :class:`~models.errors.Invalid` when ``DATABASE_URL`` cannot be parsed.
    """
    counts = dict.fromkeys(Level, 0)
    async for diagnosis in _look(settings, clock or SystemClock(), messages=messages):
        counts[diagnosis.level] += 1
        out.write(f"{diagnosis}\n")
        out.flush()
    fine, odd, failing = (counts[one] for one in (Level.OK, Level.WARN, Level.FAIL))
    out.write(f"\n{fine} ok, {odd} to look at, {failing} failing\n")
    return not failing


async def _look(settings: Settings, clock: Clock, *, messages: bool) -> AsyncIterator[Diagnosis]:
    database = Database(settings.database_url.get_secret_value())
    try:
        async with make_session() as session:
            caller = Caller(make_client(settings, session))
            about_token = await slack_checks.bot_token(caller, settings, clock)
            for diagnosis in about_token:
                yield diagnosis
            for diagnosis in await slack_checks.way_in(caller, settings):
                yield diagnosis
            async for diagnosis in http_checks.public_address(settings, session):
                yield diagnosis
            for diagnosis in http_checks.hook_secret(settings):
                yield diagnosis
            for diagnosis in http_checks.gate_secrets(settings):
                yield diagnosis
            usable = caller if about_token[0].level is Level.OK else None
            async for diagnosis in _look_at_data(settings, database, usable, clock, messages=messages):
                yield diagnosis
    finally:
        await database.close()


async def _look_at_data(
    settings: Settings, database: Database, caller: Caller | None, clock: Clock, *, messages: bool
) -> AsyncIterator[Diagnosis]:
    """The database and, with a ``caller``, what its catalog names in Slack."""
    diagnosis, readable = await database_checks.schema(database)
    yield diagnosis
    if not readable:
        return
    diagnosis, catalog = await database_checks.applied_catalog(database)
    yield diagnosis
    for one in (*http_checks.hook_wanted(settings, catalog), *http_checks.gate_services(settings, catalog)):
        yield one
    kept = await database_checks.kept_people(database)
    for one in await slack_checks.named_in(catalog, caller, kept) if caller else ():
        yield one
    for one in await outbox(database, clock):
        yield one
    for one in await message_checks.messages(database, catalog, clock, caller) if messages and caller else ():
        yield one
