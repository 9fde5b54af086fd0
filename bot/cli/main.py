"""The entry point of the command line: turns what a command raises into sentences and an exit code."""

import socket
import sys
from functools import partial
from typing import Any, NoReturn

from bot.cli.exit_codes import FAILED, INTERRUPTED, MISUSED

_ADVICE = "Check DATABASE_URL, and run `releasedesk doctor`."


def main() -> None:
    """Run the command in ``sys.argv``; exits with 0 or a code of :mod:`bot.cli.exit_codes`."""
    from models.errors import DomainError, Invalid

    try:
        _command()()
    except Invalid as error:
        _leave(MISUSED, *error.problems.values())
    except DomainError as error:
        _leave(FAILED, str(error))
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except (ConnectionError, TimeoutError, socket.gaierror) as error:  # Slack's are waited out where they occur
        _leave(FAILED, f"The database cannot be reached: {error}. {_ADVICE}")
    except OSError as error:
        _leave(FAILED, f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:  # the edge: a database that refuses is not a bug, everything else is
        _leave(FAILED, _about_database(error))


def _command() -> Any:
    if sys.argv[1:] == ["run"]:
        # Parsing arguments would take half as long as connecting. structlog must not load rich, which it wants for
        # tracebacks with local variables: ours have none.
        sys.modules["rich"] = None  # type: ignore[assignment]
        from bot.cli.run import run

        return run
    from bot.cli.commands import app

    return partial(app, prog_name="releasedesk")


def _about_database(error: Exception) -> str:
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        raise error
    reason = (str(error.orig).splitlines() or ["no reason given"])[0]
    return f"The database cannot be used: {reason}. {_ADVICE}"


def _leave(code: int, *sentences: str) -> NoReturn:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201
    sys.exit(code)
