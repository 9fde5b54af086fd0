"""Settings from the environment and from a `.env` file; the environment wins.

All mistakes are reported at once, a sentence for each setting. An empty setting counts as not set. Tokens, secrets
and the database address with its password are held as secrets, so that printing the settings shows none of them.
"""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import Invalid
from models.pipelines.callback_hosts import CallbackHosts, read_hosts

SLACK = "https://slack.com/api/"

GITHUB = "https://api.github.com"

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
    gate_secrets: SecretStr | None = None
    gate_callback_hosts: str = ""
    gate_callback_private_hosts: str = ""
    github_app_id: str = ""
    github_app_private_key: SecretStr | None = None
    github_app_webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
    github_api_url: str = GITHUB
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

    @property
    def gate_keys(self) -> tuple[tuple[str, str], ...]:
        """The key of a service and a secret of its pipelines, in the order in which they were written."""
        written = self.gate_secrets.get_secret_value() if self.gate_secrets else ""
        return tuple((service, secret) for service, _, secret in (one.partition("=") for one in _words(written)))

    @property
    def gate_out_of_reach(self) -> bool:
        """Whether pipelines have secrets to ask with, but no port to ask at."""
        asked = self.gate_secrets is not None or self.github_app_webhook_secret is not None
        return asked and not self.serves_http

    @property
    def callback_hosts(self) -> CallbackHosts:
        """The hosts that are called back, GitHub's API among them where there is an app."""
        private = _words(self.gate_callback_private_hosts)
        github = urlsplit(self.github_api_url)
        public = _words(self.gate_callback_hosts)
        if self.github_app_id and github.scheme == "https":
            public.append(github.netloc)
        elif self.github_app_id:
            private.append(f"http://{github.netloc}")
        return read_hosts(public, private)

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

    @field_validator("gate_secrets")
    @classmethod
    def _gate_secrets(cls, given: SecretStr | None) -> SecretStr | None:
        entries = _words(given.get_secret_value()) if given else []
        owners: dict[str, str] = {}
        for number, entry in enumerate(entries, 1):
            service, equals, secret = entry.partition("=")
            if not equals or not re.fullmatch(r"[A-Z][A-Z0-9_-]{0,19}", service):
                raise ValueError(f"has no KEY=secret as entry {number}, such as PAY=... for the service PAY.")
            if kind := _kind(secret):
                raise ValueError(f"holds {kind} for {service}; it needs a secret of its own. {_TO_MAKE_ONE}")
            if len(secret) < SHORTEST_SECRET:
                raise ValueError(
                    f"has a secret for {service} shorter than {SHORTEST_SECRET} characters. {_TO_MAKE_ONE}"
                )
            if owners.setdefault(secret, service) != service:
                raise ValueError(f"has the same secret for {owners[secret]} and {service}. Give each its own.")
        return given if entries else None

    @field_validator("gate_callback_hosts", "gate_callback_private_hosts")
    @classmethod
    def _hosts(cls, given: str, info: ValidationInfo) -> str:
        private = info.field_name == "gate_callback_private_hosts"
        for one in _words(given):
            plain = private and re.fullmatch(r"http://(127\.0\.0\.1|localhost)(:\d{1,5})?", one)
            if not (plain or re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", one)):
                raise ValueError(f"has {one[:60]!r}, which is no host. Write for example app.terraform.io.")
        return given

    @field_validator("github_app_id", mode="before")
    @classmethod
    def _app_id(cls, given: Any) -> str:
        text = str(given).strip()
        if text and not re.fullmatch(r"[A-Za-z0-9.]{1,40}", text):
            raise ValueError("needs the App ID or the Client ID of your GitHub App.")
        return text

    @field_validator("github_app_private_key")
    @classmethod
    def _private_key(cls, given: SecretStr | None) -> SecretStr | None:
        text = given.get_secret_value().strip().replace("\\n", "\n") if given else ""
        if text and not re.match(r"-----BEGIN (RSA )?PRIVATE KEY-----\n", text):
            raise ValueError("needs a private key of your GitHub App, whole and with its first and last line.")
        return SecretStr(text) if text else None

    @field_validator("github_app_webhook_secret")
    @classmethod
    def _webhook_secret(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        text = given.get_secret_value().strip() if given else ""
        if 0 < len(text) < SHORTEST_SECRET:
            raise ValueError(f"is shorter than {SHORTEST_SECRET} characters. {_TO_MAKE_ONE}")
        parts = (bool(info.data.get("github_app_id")), bool(info.data.get("github_app_private_key")), bool(text))
        known = {"github_app_id", "github_app_private_key"} <= info.data.keys()
        if known and any(parts) and not all(parts):
            raise ValueError(
                "is needed together with GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or none of the three is."
            )
        return SecretStr(text) if text else None

    @field_validator("github_api_url", mode="before")
    @classmethod
    def _github_api(cls, url: Any) -> str:
        text = str(url).strip() or GITHUB
        if not _is_address(text) or _is_in_the_clear(text):
            raise ValueError(f"needs an address such as {GITHUB}, which is also what it is when not set.")
        return text.rstrip("/")

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


def _words(text: str) -> list[str]:
    """Entries with white space or commas between."""
    return [one for one in re.split(r"[\s,]+", text) if one]


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
