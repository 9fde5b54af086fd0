"""Logs: one event a line on standard error, without secrets.

Our own events and those of the libraries go the same way. Its last step masks secrets in the finished line, whether
they came in a field, a traceback or a library's sentence.
"""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, Literal, TextIO
from urllib.parse import unquote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config.settings import Settings

MASK = "***"

_QUOTE = r"""(?:\\*["']|%22)?"""

_VALUE = r"""(?:[^\s"'\\,&;<>}%]|%(?!22))+"""

_PATTERNS = (
    (re.compile(r"\bx(?:ox[a-z]|app)(?:\.x[a-z]+)?-[A-Za-z0-9-]+"), MASK),
    (re.compile(r"(?i)https?(?::|%3A)(?:\\*/|%2F){2}hooks\.slack(?:-gov)?\.com[^\s\"'<>&]*"), MASK),
    (re.compile(r"(?i)((?:\\*/|%2F)calendar(?:\\*/|%2F))[\w-]{20,}"), rf"\1{MASK}"),
    (re.compile(r"(\w://[^\s:/@]*:)[^\s/]+@"), rf"\1{MASK}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), rf"\1 {MASK}"),
    (re.compile(r"\bv0=[0-9a-f]{16,}"), f"v0={MASK}"),
    (
        re.compile(
            r"(?i)(?:\b|(?<=%22))((?:\w*_)?(?:response_url|trigger_id|token|ticket|password|signing_secret|client_secret|webhook_url))"
            rf"({_QUOTE}[\s+]*(?:=|:|%3A)[\s+]*{_QUOTE}){_VALUE}"
        ),
        rf"\1\2{MASK}",
    ),
)

NOISY = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "asyncio": logging.WARNING,
}
"""Libraries that say too much at the chosen level."""


class Mask:
    """Hides secrets in finished lines: the given ones, and everything that looks like one of Slack's."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= 4}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line, the libraries' too, to ``stream``: standard error if None.

    Without ``LOG_FORMAT`` a terminal gets text and anything else JSON, one object a line, ``timestamp`` in UTC.
    """
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    mask = Mask(_secrets(settings))

    def hide(_logger: WrappedLogger, _method: str, line: str) -> str:
        return mask(line)

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_renderers(settings.log_format or ("text" if stream.isatty() else "json"), stream),
            hide,  # type: ignore[list-item] # comes after the renderer, so it gets the finished line
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _take_over_libraries(level)


def _renderers(form: Literal["json", "text"], stream: TextIO) -> list[Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    # Tracebacks without local variables, which hold tokens and what people typed.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]


def _secrets(settings: Settings) -> list[str]:
    held = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.deployment_hook_secret,
        settings.github_app_private_key,
        settings.github_app_webhook_secret,
    )
    secrets = [secret.get_secret_value() for secret in held if secret]
    secrets += [secret for _, secret in settings.gate_keys]
    password = re.search(r"://[^:/@]*:(.+)@", settings.database_url.get_secret_value())
    return [*secrets, password[1], unquote(password[1])] if password else secrets


def _take_over_libraries(level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [_Handover()]
    root.setLevel(level)
    for name, least in NOISY.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.captureWarnings(True)


class _Handover(logging.Handler):
    """Passes what libraries log to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: EventDict = {"library": record.name}
        if record.exc_info:
            fields["exc_info"] = record.exc_info
        logger: Any = structlog.get_logger()
        logger.log(record.levelno, _sentence(record), **fields)


def _sentence(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # the library's format does not fit its arguments
        return str(record.msg)
