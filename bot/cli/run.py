"""``releasedesk run``: the event loop and the signals of the program."""

import asyncio
import contextlib
import os
import signal

import structlog

from bot.config.logs import configure_logs
from bot.config.settings import Settings, load_settings
from bot.program import Program

log = structlog.get_logger()


def run() -> None:
    """Run Release Desk until SIGTERM or SIGINT. It finishes what it began; a second signal ends it at once.

    Raises :class:`~models.errors.Invalid` for wrong settings, and what :meth:`bot.program.Program.run` raises.
    """
    settings = load_settings(to_connect=True)
    configure_logs(settings)
    if settings.in_the_clear:
        log.warning("tokens_travel_unencrypted", SLACK_API_URL=settings.slack_api_url)
    if settings.hook_out_of_reach or settings.gate_out_of_reach:
        log.warning("hook_not_served", PORT="not set")
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    program = Program(settings)
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has none; there Ctrl-C ends it
            loop.add_signal_handler(signum, _on_signal, program, signum)
    await program.run()


def _on_signal(program: Program, signum: signal.Signals) -> None:
    log.info("stopping", signal=signum.name)
    program.stop()
    asyncio.get_running_loop().add_signal_handler(signum, _at_once, signum)


def _at_once(signum: signal.Signals) -> None:
    log.warning("stopped_at_once", signal=signum.name)
    os._exit(128 + signum)
