"""Settings from the environment and from a `.env` file; the environment wins.

All mistakes are reported at once, a sentence for each setting. An empty setting counts as not set. Tokens, secrets
and the database address with its password are held as secrets, so that printing the settings shows none of them.
"""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import Invalid

SLACK = "https://slack.com/api/"

DEFAULT_PORT = 3000
"""Where signed HTTP is served without ``PORT``."""

SHORTEST_SECRET = 16
"""Characters of a secret that nobody can guess."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_TOKENS = {
    "xoxb-": "a bot token (SLACK_BOT_TOKEN)",
    "xapp-": "an app-level token (SLACK_APP_TOKEN)",
    "xoxp-": "a user token",
    "xoxe": "a rotating token",
    "xoxs-": "a legacy workspace token",
}


class _Keys(BaseSettings):
    """The keys to Slack."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret", mode="before")
    @classmethod
    def _strip(cls, text: Any) -> Any:
        return (text.strip() or None) if isinstance(text, str) else text


class Settings(_Keys):
    """Read them with :func:`load_settings`, which reports mistakes as sentences."""

    slack_api_url: str = SLACK
    database_url: SecretStr = SecretStr("sqlite:///releasedesk.db")
    host: str = "0.0.0.0"  # noqa: S104 - a server in a container is reached from outside it
    port: int | None = Field(default=None, ge=0, le=65535)
    public_url: str = ""
    deployment_hook_secret: SecretStr | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] | None = None

    @property
    def socket_mode(self) -> bool:
        """Whether to use Socket Mode; it wins when HTTP is configured, too."""
        return self.slack_app_token is not None

    @property
    def serves_http(self) -> bool:
        """Whether to serve HTTP: in Socket Mode only with a port."""
        return not self.socket_mode or self.port is not None

    @property
    def reached_at(self) -> str:
        """Where HTTP is reached from outside; empty if it is not served or ``PUBLIC_URL`` is not set."""
        return self.public_url if self.serves_http else ""

    @property
    def public_in_the_clear(self) -> bool:
        """Whether calendars and reports travel unencrypted between machines."""
        return _is_in_the_clear(self.public_url)

    @property
    def in_the_clear(self) -> bool:
        """Whether tokens travel unencrypted to another machine."""
        return _is_in_the_clear(self.slack_api_url)

    @property
    def hook_out_of_reach(self) -> bool:
        """Whether there is a secret for pipelines, but no port to report to."""
        return self.deployment_hook_secret is not None and not self.serves_http

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _fold(cls, text: Any) -> Any:
        return text.strip().lower() if isinstance(text, str) else text

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        return _starting(token, "xoxb-", "the bot token from the page OAuth & Permissions")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None) -> SecretStr | None:
        return _starting(token, "xapp-", "the app-level token from the page Basic Information")

    @field_validator("slack_signing_secret")
    @classmethod
    def _signing_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        kind = _kind(secret.get_secret_value()) if secret else None
        if kind:
            raise ValueError(f"holds {kind}; it needs the signing secret from the page Basic Information.")
        return secret

    @field_validator("deployment_hook_secret")
    @classmethod
    def _hook_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value().strip() if secret else ""
        kind = _kind(text)
        if kind:
            raise ValueError(f"holds {kind}; it needs a secret of its own. {_TO_MAKE_ONE}")
        if 0 < len(text) < SHORTEST_SECRET:
            raise ValueError(f"is shorter than {SHORTEST_SECRET} characters. {_TO_MAKE_ONE}")
        return SecretStr(text) if text else None

    @field_validator("slack_api_url", mode="before")
    @classmethod
    def _api_url(cls, url: Any) -> str:
        text = str(url).strip() or SLACK
        if not _is_address(text):
            raise ValueError(f"needs an address such as {SLACK}, which is also what it is when not set.")
        return text.rstrip("/") + "/"

    @field_validator("public_url", mode="before")
    @classmethod
    def _public_url(cls, url: Any) -> str:
        text = str(url).strip()
        if not text:
            return ""
        if not _is_address(text):
            raise ValueError("needs an address such as https://releases.example.com.")
        return text.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, url: SecretStr) -> SecretStr:
        """Check the kind only: :func:`models.storage.database.parse_url`, which checks the rest, loads slowly."""
        kind, _, rest = url.get_secret_value().partition("://")
        kind = kind.partition("+")[0]
        if kind == "sqlite" and rest.strip("/") in ("", ":memory:"):
            raise ValueError(f"names no file to keep releases in. {_DATABASES}")
        if kind not in ("sqlite", "postgresql", "postgres") or not rest:
            raise ValueError(f"is no address of an SQLite file or of PostgreSQL. {_DATABASES}")
        return url


def _is_address(text: str) -> bool:
    """Whether it is the address of a server, without anything after the path."""
    try:
        address = urlsplit(text)
        usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False
    return usable and not (address.query or address.fragment or address.username)


def _is_in_the_clear(url: str) -> bool:
    address = urlsplit(url)
    return address.scheme == "http" and address.hostname not in _LOOPBACK


_TO_MAKE_ONE = "Make one with: openssl rand -hex 32"

_DATABASES = "Use sqlite:///releasedesk.db or postgresql://user:password@host/name."


def load_settings(*, to_connect: bool = False) -> Settings:
    """Read the settings; ``to_connect`` also requires what connecting to Slack needs.

    Raises :class:`~models.errors.Invalid` with a sentence for each setting that is wrong or missing.
    """
    problems = _missing() if to_connect else {}
    try:
        settings = Settings()
    except ValidationError as error:
        problems |= _sentences(error)
    if problems:
        raise Invalid(problems)
    return settings


def _missing() -> dict[str, str]:
    given = _Keys()
    missing: dict[str, str] = {}
    if given.slack_bot_token is None:
        missing |= _NO_BOT_TOKEN
    if given.slack_app_token is None and given.slack_signing_secret is None:
        missing |= _NO_WAY_IN
    return missing


_NO_BOT_TOKEN = {
    "SLACK_BOT_TOKEN": "SLACK_BOT_TOKEN is not set; it needs the bot token (xoxb-...) "
    "from the page OAuth & Permissions of your Slack app."
}

_NO_WAY_IN = {
    "SLACK_APP_TOKEN": "SLACK_APP_TOKEN is not set; it needs the app-level token (xapp-...) for Socket Mode. "
    "To serve signed HTTP instead, set SLACK_SIGNING_SECRET."
}


def _sentences(error: ValidationError) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        name = str(problem["loc"][0]).upper()
        text = problem["msg"].removeprefix("Value error, ")
        sentences[name] = f"{name} {_ALLOWED.get(name, text)}"
    return sentences


_ALLOWED = {
    "PORT": "has to be a whole number from 0 to 65535.",
    "LOG_LEVEL": "has to be debug, info, warning or error.",
    "LOG_FORMAT": "has to be json or text; when it is not set, a terminal gets text and anything else json.",
}


def _starting(token: SecretStr | None, prefix: str, wanted: str) -> SecretStr | None:
    if token is None:
        return None
    text = token.get_secret_value()
    if not text.startswith(prefix):
        kind = _kind(text)
        raise ValueError(f"holds {kind or 'no Slack token'}; it needs {wanted}, which begins with {prefix}")
    if not re.fullmatch(r"[A-Za-z0-9-]{6,}", text):
        raise ValueError("is not a whole token: copy it from Slack again, in one line and without quotes.")
    return token


def _kind(text: str) -> str | None:
    return next((name for prefix, name in _TOKENS.items() if text.startswith(prefix)), None)
