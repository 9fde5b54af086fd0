"""Logs: everything goes one way out, and no secret passes."""

import io
import json
import logging
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.config.logs import configure_logs
from bot.config.settings import Settings

BOT, APP, SECRET = (
    "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzygqy",
    "xapp-1-A0-123-abcdef0123",
    "8f742231b10e88",
)

CALENDAR = "Zk3_9hX-aaBBccDDeeFFggHHiiJJkkLLmmNNooPPqqR"

REPORTING = "a-secret-that-pipelines-share"

HOOK = "https://hooks.slack.com/commands/T0001/1234567890/hvRAxvBcHTGcDKlyTqNbDyZq"

LOCAL_HOOK = "http://127.0.0.1:8008/response/3f9a8c7b"

TRIGGER = "13345224609.738474920.8088930838d88f008e0"

PASSWORD = "hunter2hunter2"

DATABASE = f"postgresql://desk:{PASSWORD}@db.example/desk"

PAYLOAD = {"response_url": LOCAL_HOOK, "trigger_id": TRIGGER, "token": "gIkuvaNzQIHg97ATvDxqgjtO", "user": "U0ANN"}

SECRETS = [
    BOT, APP, SECRET, REPORTING, HOOK, LOCAL_HOOK, TRIGGER, PASSWORD, "gIkuvaNzQIHg97ATvDxqgjtO",
    "hvRAxvBcHTGcDKlyTqNbDyZq", "3f9a8c7b", "8088930838d88f008e0", "s3cr3t-ticket", CALENDAR,
]  # fmt: skip


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """What is logged, with the logging of the whole process put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def configure(output: io.StringIO, form: str = "json", level: str = "info") -> None:
    settings = Settings.model_construct(
        slack_bot_token=SecretStr(BOT),
        slack_app_token=SecretStr(APP),
        slack_signing_secret=SecretStr(SECRET),
        deployment_hook_secret=SecretStr(REPORTING),
        database_url=SecretStr(DATABASE),
        log_format=form,
        log_level=level,
    )
    configure_logs(settings, output)


def fail(text: str) -> None:
    raise RuntimeError(text)


LEAKS: list[Any] = [
    BOT,
    APP,
    f"Authorization: Bearer {BOT}",
    f"signing secret {SECRET} is wrong",
    {"X-Gitlab-Token": REPORTING},
    HOOK,
    HOOK.replace("/", "\\/"),
    repr(PAYLOAD),
    json.dumps(PAYLOAD),
    json.dumps(json.dumps(PAYLOAD)),
    urllib.parse.urlencode(PAYLOAD),
    urllib.parse.urlencode({"payload": json.dumps(PAYLOAD)}),
    f"response_url: {LOCAL_HOOK}",
    f"cannot connect to {DATABASE}",
    "wss://wss-primary.slack.com/link/?ticket=s3cr3t-ticket&app_id=x",
    f"GET /calendar/{CALENDAR}.ics HTTP/1.1",
    f"https:\\/\\/desk.example\\/calendar\\/{CALENDAR}.ics",
    urllib.parse.quote(f"https://desk.example/calendar/{CALENDAR}.ics", safe=""),
    PAYLOAD,
    {"deep": [{"er": PAYLOAD}]},
]


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("leak", LEAKS, ids=str)
def test_no_secret_passes_by_any_way_into_the_log(output: io.StringIO, form: str, leak: Any) -> None:
    configure(output, form)
    structlog.get_logger().warning("something", detail=leak)
    structlog.get_logger().warning(str(leak))
    logging.getLogger("slack_bolt.AsyncApp").error("unhandled %s", leak)
    try:
        fail(str(leak))
    except RuntimeError:
        structlog.get_logger().exception("it_failed")
        logging.getLogger("slack_sdk.web").exception("it failed")
    lines = output.getvalue()
    assert lines.count("something") == 1
    assert [secret for secret in SECRETS if secret in lines] == []


def test_a_local_variable_of_a_failing_function_is_not_shown(output: io.StringIO) -> None:
    configure(output, "text")

    def with_local() -> None:
        entered = "typed in confidence"
        fail(str(len(entered)))

    try:
        with_local()
    except RuntimeError:
        structlog.get_logger().exception("it_failed")
    assert "RuntimeError: 19" in output.getvalue()
    assert "typed in confidence" not in output.getvalue().replace('entered = "typed in confidence"', "")


def test_what_is_no_secret_stays_readable(output: io.StringIO) -> None:
    configure(output)
    structlog.contextvars.bind_contextvars(payload="e-1", person="U0ANN")
    try:
        structlog.get_logger().info("message_sent", key="card:1", text="see https://example.com/a?b=c and v0.9")
    finally:
        structlog.contextvars.clear_contextvars()
    line = json.loads(output.getvalue())
    assert line["event"] == "message_sent"
    assert line["text"] == "see https://example.com/a?b=c and v0.9"
    assert (line["payload"], line["person"], line["level"]) == ("e-1", "U0ANN", "info")


def test_a_file_of_our_own_in_a_traceback_stays_readable(output: io.StringIO) -> None:
    configure(output)
    structlog.get_logger().info(
        "failed", at='File "models/calendar/addresses.py", line 1 in tests/calendar/test_feed'
    )
    assert "models/calendar/addresses.py" in output.getvalue()


def test_json_lines_stay_json_when_something_is_masked(output: io.StringIO) -> None:
    configure(output)
    for leak in LEAKS:
        structlog.get_logger().error("leak", detail=leak, also=str(leak))
    assert all(json.loads(line)["event"] == "leak" for line in output.getvalue().splitlines())


def test_the_level_holds_for_libraries_and_our_own_events(output: io.StringIO) -> None:
    configure(output, level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("slack_bolt").info("quiet")
    logging.getLogger("slack_bolt").warning("loud")
    assert [json.loads(line)["event"] for line in output.getvalue().splitlines()] == ["loud"]


def test_a_library_whose_format_does_not_fit_its_arguments_is_still_heard(output: io.StringIO) -> None:
    configure(output)
    logging.getLogger("careless").warning(f"%d of {BOT}", "many")
    assert json.loads(output.getvalue())["event"] == "%d of ***"
