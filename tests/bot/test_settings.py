"""Settings: what is accepted, and what is said about the rest."""

from pathlib import Path

import pytest

from bot.config.settings import SLACK, Settings, load_settings
from models.errors import Invalid

BOT, APP, SECRET = "xoxb-1-abcdef", "xapp-1-A1-abcdef", "8f742231b10e8888abcd99yyyzzz85a5"

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def problems(*, to_connect: bool = True) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        load_settings(to_connect=to_connect)
    return caught.value.problems


def test_without_any_setting_both_missing_ones_are_named_at_once() -> None:
    assert list(problems()) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


def test_the_database_alone_needs_no_setting() -> None:
    assert load_settings().database_url.get_secret_value() == "sqlite:///releasedesk.db"


def test_an_app_token_means_socket_mode_also_beside_a_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_SIGNING_SECRET=SECRET)
    assert load_settings(to_connect=True).socket_mode


def test_a_signing_secret_alone_means_http(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_SIGNING_SECRET=SECRET)
    assert not load_settings(to_connect=True).socket_mode


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_token_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN=empty, SLACK_APP_TOKEN=APP)
    assert list(problems()) == ["SLACK_BOT_TOKEN"]


def test_an_empty_port_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PORT="")
    assert load_settings().port is None


def test_a_file_beside_it_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('SLACK_BOT_TOKEN="xoxb-file-abc"\nPORT=4000\n')
    given(monkeypatch, PORT="5000")
    settings = load_settings()
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file-abc"
    assert settings.port == 5000


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", APP, "app-level token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-abcdef", "user token"),
        ("SLACK_BOT_TOKEN", "hello", "no Slack token"),
        ("SLACK_BOT_TOKEN", "xoxb-12 34abc", "not a whole token"),
        ("SLACK_APP_TOKEN", BOT, "bot token"),
        ("SLACK_SIGNING_SECRET", BOT, "bot token"),
        ("DEPLOYMENT_HOOK_SECRET", "hunter2", "is shorter than 16 characters"),
        ("DEPLOYMENT_HOOK_SECRET", BOT, "bot token"),
        ("GATE_SECRETS", "hunter2", "has no KEY=secret as entry 1"),
        ("GATE_SECRETS", "pay=0123456789abcdef", "has no KEY=secret as entry 1"),
        ("GATE_SECRETS", "PAY=hunter2", "has a secret for PAY shorter than 16 characters"),
        ("GATE_SECRETS", f"PAY={BOT}", "holds a bot token (SLACK_BOT_TOKEN) for PAY"),
        ("GATE_SECRETS", "PAY=hunter2hunter2hu WEB=hunter2hunter2hu", "has the same secret for PAY and WEB"),
        ("GATE_CALLBACK_HOSTS", "https://app.terraform.io", "which is no host"),
        ("GATE_CALLBACK_HOSTS", "http://127.0.0.1:80", "which is no host"),
        ("GATE_CALLBACK_PRIVATE_HOSTS", "http://10.0.0.1", "which is no host"),
        ("GITHUB_APP_ID", "my app", "needs the App ID"),
        ("GITHUB_APP_PRIVATE_KEY", "hunter2", "needs a private key"),
        ("GITHUB_APP_WEBHOOK_SECRET", "hunter2", "is shorter than 16 characters"),
        ("GITHUB_APP_WEBHOOK_SECRET", "hunter2hunter2hu", "is needed together with GITHUB_APP_ID"),
        ("GITHUB_API_URL", "http://github.example.com", "needs an address such as"),
        ("SLACK_API_URL", "ftp://slack.com/api", "needs an address such as"),
        ("SLACK_API_URL", "slack.com/api", "needs an address such as"),
        ("SLACK_API_URL", "http://host:port/api", "needs an address such as"),
        ("DATABASE_URL", "mysql://u:hunter2@h/x", "no address of an SQLite file or of PostgreSQL"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("DATABASE_URL", "u:hunter2", "no address of an SQLite file or of PostgreSQL"),
        ("PORT", "65536", "0 to 65535"),
        ("PORT", "http", "0 to 65535"),
        ("LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("LOG_FORMAT", "xml", "json or text"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_repeats_no_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    given(monkeypatch, **{name: value})
    sentences = problems(to_connect=False)
    assert list(sentences) == [name]
    assert sentences[name].startswith(name)
    assert said in sentences[name]
    assert "\n" not in sentences[name]
    assert "hunter2" not in sentences[name]
    assert "abcdef" not in sentences[name]


def test_every_service_may_have_several_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, GATE_SECRETS=" PAY=0123456789abcdef,WEB=fedcba9876543210\n PAY=0123456789abcdeg ")
    held = (("PAY", "0123456789abcdef"), ("WEB", "fedcba9876543210"), ("PAY", "0123456789abcdeg"))
    assert load_settings().gate_keys == held
    assert "0123456789abcdef" not in repr(load_settings())


def test_an_app_of_github_is_called_back_at_its_api(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "-----BEGIN PRIVATE KEY-----\\nMIIB\\n-----END PRIVATE KEY-----"
    given(monkeypatch, GITHUB_APP_ID="1", GITHUB_APP_PRIVATE_KEY=key, GITHUB_APP_WEBHOOK_SECRET="x" * 16)
    found = load_settings()
    assert found.github_app_private_key is not None
    assert found.github_app_private_key.get_secret_value().count("\n") == 2
    assert found.callback_hosts.problem("https://api.github.com/repos") == ""
    given(monkeypatch, GITHUB_APP_ID="")
    assert set(problems(to_connect=False)) == {"GITHUB_APP_WEBHOOK_SECRET"}


def test_wrong_and_missing_settings_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_APP_TOKEN=BOT, PORT="-1")
    assert set(problems()) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PORT"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", SLACK),
        ("https://slack.com/api", SLACK),
        ("https://slack.com/api/", SLACK),
        ("http://127.0.0.1:8008/api//", "http://127.0.0.1:8008/api/"),
        (" https://slack-gov.com/api/ ", "https://slack-gov.com/api/"),
    ],
)
def test_slacks_address_is_taken_with_and_without_a_slash(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    given(monkeypatch, SLACK_API_URL=written)
    assert load_settings().slack_api_url == meant


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("http://127.0.0.1:9/api", False),
        ("http://localhost/api", False),
        ("http://[::1]/api", False),
        ("https://slack.example/api", False),
        ("http://slack.example/api", True),
    ],
)
def test_tokens_in_the_clear_are_noticed(monkeypatch: pytest.MonkeyPatch, url: str, clear: bool) -> None:
    given(monkeypatch, SLACK_API_URL=url)
    assert load_settings().in_the_clear is clear


@pytest.mark.parametrize(
    ("more", "out_of_reach"),
    [
        ({}, True),
        ({"PORT": "3000"}, False),
        ({"SLACK_APP_TOKEN": ""}, False),
        ({"DEPLOYMENT_HOOK_SECRET": ""}, False),
    ],
)
def test_a_hook_that_no_port_serves_is_noticed(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], out_of_reach: bool
) -> None:
    given(monkeypatch, **({"SLACK_APP_TOKEN": APP, "DEPLOYMENT_HOOK_SECRET": "s" * 16} | more))
    assert load_settings().hook_out_of_reach is out_of_reach


def test_printed_settings_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET}
    secrets["DEPLOYMENT_HOOK_SECRET"] = "hunter2 hunter2 hunter2"
    given(monkeypatch, DATABASE_URL="postgresql://u:hunter2@h/x", **secrets)
    printed = repr(load_settings(to_connect=True))
    assert not [secret for secret in (BOT, APP, SECRET, "hunter2") if secret in printed]


@pytest.mark.parametrize(
    ("given_as", "address"),
    [
        ("https://desk.example", "https://desk.example"),
        (" https://desk.example/releases/ ", "https://desk.example/releases"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("  ", ""),
    ],
)
def test_the_public_address_is_taken_without_its_last_slash(
    monkeypatch: pytest.MonkeyPatch, given_as: str, address: str
) -> None:
    given(monkeypatch, PUBLIC_URL=given_as)
    assert load_settings().public_url == address


@pytest.mark.parametrize(
    "wrong", ["desk.example", "ftp://desk.example", "https://", "https://a.example/?b", "https://u:p@a.example"]
)
def test_a_public_address_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    given(monkeypatch, PUBLIC_URL=wrong)
    assert problems(to_connect=False) == {
        "PUBLIC_URL": "PUBLIC_URL needs an address such as https://releases.example.com."
    }


@pytest.mark.parametrize(
    ("more", "reached"),
    [
        ({"SLACK_APP_TOKEN": APP}, ""),
        ({"SLACK_APP_TOKEN": APP, "PORT": "3000"}, "https://desk.example"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "https://desk.example"),
    ],
)
def test_nobody_is_sent_to_an_address_where_nothing_is_served(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], reached: str
) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN=BOT, PUBLIC_URL="https://desk.example", **more)
    assert load_settings(to_connect=True).reached_at == reached
