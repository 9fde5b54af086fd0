"""The doctor, against a workspace over real HTTP: everything well, and each ailment by itself."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import col

from bot.config.settings import Settings
from bot.doctor import examine
from bot.http.calendar_page import CalendarPage
from bot.http.deployment_hook import DeploymentHook
from bot.http.server import HttpServer
from bot.workspace.workspace import Workspace
from messages.kit.blocks import Message
from models.events import SYSTEM
from models.lifecycle.message_keys import card_key
from models.membership.tables import Person
from models.migrations.upgrade import upgrade
from models.outbox import Outgoing, Post, want
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork
from tests.conftest import FrozenClock, example_document, put_catalog
from tests.factories import make_release

MakeSettings = Callable[..., Settings]


@asynccontextmanager
async def prepared(settings: Settings, document: dict[str, Any] | None = None) -> AsyncIterator[UnitOfWork]:
    """The database of ``settings`` with its schema and a catalog in it."""
    database = Database(settings.database_url.get_secret_value())
    try:
        await upgrade(database)
        work = UnitOfWork(database, SystemClock(), posts_for)
        await put_catalog(work, document or example_document())
        yield work
    finally:
        await database.close()


async def report(settings: Settings, **options: Any) -> tuple[bool, str]:
    out = io.StringIO()
    sound = await examine(settings, out, **options)
    return sound, out.getvalue()


SECRET = "5c7f0e2a9b1d4638"


@asynccontextmanager
async def reachable(settings: Settings, secret: str | None = SECRET) -> AsyncIterator[str]:
    """The HTTP side of a running program, with this secret for pipelines; gives its address."""

    async def ready() -> dict[str, bool]:
        return {}

    database = Database(settings.database_url.get_secret_value())
    work = UnitOfWork(database, SystemClock(), posts_for)
    hook = DeploymentHook(work, SecretStr(secret) if secret else None)
    server = HttpServer(ready, pages={"calendar": CalendarPage(work), "hooks": hook.answer})
    try:
        yield f"http://127.0.0.1:{await server.start('127.0.0.1', 0)}"
    finally:
        await server.stop()
        await database.close()


async def test_a_workspace_and_database_in_order_give_nothing_to_do(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    plain = settings_for(workspace)
    async with prepared(plain), reachable(plain) as address:
        settings = settings_for(workspace, port=1, public_url=address, deployment_hook_secret=SECRET)
        sound, text = await report(settings)
    assert sound
    assert "->" not in text
    assert text.endswith(" ok, 0 to look at, 0 failing\n")
    assert f"ok    Calendars: reached at {address}/calendar/" in text
    assert f"ok    Reports of deployments: reached at {address}/hooks/deployment" in text
    assert "ok    Secret of the pipelines: set" in text
    assert [word for word in ("@release-desk", "Scopes: all", "#payments", "all 13") if word not in text] == []


async def test_no_report_holds_a_secret(workspace: Workspace, settings_for: MakeSettings) -> None:
    settings = settings_for(workspace, database_url="postgresql://desk:hunter2@127.0.0.1:1/desk")
    sound, text = await report(settings)
    assert not sound
    assert "cannot be used" in text
    secrets = (workspace.app.bot_token, workspace.app.app_token, "hunter2")
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slack_bot_token": None}, "SLACK_BOT_TOKEN is not set"),
        ({"slack_bot_token": "xoxb-another"}, "Slack does not take the bot token: invalid_auth"),
        ({"slack_app_token": "xapp-another"}, "Slack opens no Socket Mode connection: invalid_auth"),
        ({"slack_app_token": None}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
        ({"slack_api_url": "http://127.0.0.1:1/api/"}, "whether this machine reaches Slack"),
    ],
)
async def test_a_setting_that_slack_does_not_take_fails_with_advice(
    workspace: Workspace, settings_for: MakeSettings, changes: dict[str, Any], said: str
) -> None:
    sound, text = await report(settings_for(workspace, **changes))
    assert not sound
    assert said in text


async def test_without_a_bot_token_the_rest_is_looked_at_all_the_same(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    settings = settings_for(workspace, slack_bot_token=None)
    async with prepared(settings):
        _, text = await report(settings, messages=True)
    assert "Catalog: revision 1 with 2 services" in text
    assert "cannot be looked at" not in text


async def test_missing_and_needless_scopes_are_named(workspace: Workspace, settings_for: MakeSettings) -> None:
    scopes = workspace.app.scopes
    workspace.app.scopes = tuple(scope for scope in scopes if scope != "im:write")
    sound, text = await report(settings_for(workspace))
    assert not sound
    assert "FAIL  Scopes are missing: im:write" in text
    workspace.app.scopes = (*scopes, "files:write")
    _, text = await report(settings_for(workspace))
    assert "warn  The bot token has scopes that nothing needs: files:write" in text


@pytest.mark.parametrize(
    ("ahead", "signed", "said"),
    [
        (timedelta(seconds=20), True, "ok    Clock"),
        (timedelta(seconds=100), True, "warn  This machine's clock differs"),
        (timedelta(seconds=400), False, "warn  This machine's clock differs"),
        (timedelta(seconds=400), True, "FAIL  This machine's clock differs"),
        (timedelta(seconds=-400), True, "FAIL  This machine's clock differs"),
    ],
)
async def test_a_clock_that_is_off_matters_where_requests_are_signed(
    workspace: Workspace, settings_for: MakeSettings, ahead: timedelta, signed: bool, said: str
) -> None:
    changes = {"slack_app_token": None, "slack_signing_secret": "s3cr3t"} if signed else {}
    clock = FrozenClock(datetime.now(UTC) + ahead)
    _, text = await report(settings_for(workspace, **changes), clock=clock)
    assert said in text


async def test_a_new_database_and_one_without_catalog_say_which_command_helps(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    settings = settings_for(workspace)
    _, text = await report(settings)
    assert "releasedesk migrate" in text
    database = Database(settings.database_url.get_secret_value())
    await upgrade(database)
    await database.close()
    sound, text = await report(settings)
    assert not sound
    assert "releasedesk catalog apply" in text


async def test_channels_that_cannot_be_posted_to_fail_one_by_one(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    workspace.channels["C0PAY"].members.remove(workspace.app.bot_user)
    workspace.channels["C0WEB"].archived = True
    del workspace.channels["C0MGMT"]
    settings = settings_for(workspace)
    async with prepared(settings):
        sound, text = await report(settings)
    assert not sound
    assert "FAIL  Channel #payments (Payments): the app is not in it" in text
    assert "FAIL  Channel #web-shop (Web shop) is archived" in text
    assert "FAIL  Channel C0MGMT (a digest) does not exist" in text


async def test_people_and_groups_that_are_gone_fail_with_the_role_they_hold(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    document = example_document()
    document["services"][0]["roles"]["knowledge_manager"] = ["U0NOBODY"]
    document["services"][0]["roles"]["els_lead"] = ["S0NONE"]
    workspace.people["U0TOM"].deleted = True
    settings = settings_for(workspace)
    async with prepared(settings, document):
        sound, text = await report(settings)
    assert not sound
    assert "FAIL  Person U0NOBODY (knowledge manager of Payments) does not exist" in text
    assert "FAIL  Person U0TOM (test manager of Payments): tom has left" in text
    assert "FAIL  User group S0NONE (ELS lead of Payments) does not exist" in text


async def test_guests_in_roles_are_named_with_what_becomes_of_their_rights(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    workspace.people["U0TOM"].is_restricted = True
    workspace.people["U0RITA"].team = "T0THEM"
    settings = settings_for(workspace)
    async with prepared(settings) as work:
        _, text = await report(settings)
        assert "warn  Person U0TOM (test manager of Payments): tom is a guest, and holds no right" in text
        assert "rita is of another workspace, and holds no right" in text
        async with work(SYSTEM) as tx:
            tx.session.add(Person(id="U0TOM", name="Tom", kept=True))
        _, text = await report(settings)
        assert "tom is a guest, and keeps the rights that they had before the upgrade" in text
        await put_catalog(work, {**example_document(), "guests": ["U0TOM", "U0RITA"]})
        _, text = await report(settings)
    assert [word for word in ("is a guest", "of another workspace") if word in text] == []


async def test_slacks_rate_limit_is_waited_for(workspace: Workspace, settings_for: MakeSettings) -> None:
    workspace.faults.add("ratelimited", "users.info", times=2, seconds=1)
    settings = settings_for(workspace)
    async with prepared(settings):
        sound, text = await report(settings)
    assert sound, text


async def test_refused_and_overdue_messages_are_named(workspace: Workspace, settings_for: MakeSettings) -> None:
    settings = settings_for(workspace)
    async with prepared(settings) as work:
        async with work.database.writing() as writing:
            long_ago = datetime.now(UTC) - timedelta(hours=1)
            await want(writing, [Post(key="home:U0ANN", message="home", recipient="U0ANN")], long_ago)
            await want(writing, [Post(key="digest:1", message="digest", recipient="C0MGMT")], long_ago)
            await writing.connection.execute(
                update(Outgoing).where(col(Outgoing.key) == "digest:1").values(failure="invalid_blocks")
            )
        sound, text = await report(settings)
    assert sound
    assert "warn  Refused by Slack for good: 1 message (digest:1: invalid_blocks)" in text
    assert "warn  Overdue by ten minutes: 1 message" in text


async def test_messages_are_checked_by_slack_as_they_would_be_sent(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    settings = settings_for(workspace)
    async with prepared(settings) as work:
        release = await make_release(work)
        async with work.database.writing() as writing:
            post = Post(key=card_key(release.id), message="release_card", subject=str(release.id))
            await want(writing, [post], datetime.now(UTC))
        sound, text = await report(settings, messages=True)
        assert sound, text
        assert "ok    Message release_card" in text
        assert "ok    Message /release" in text


async def test_a_message_that_slack_would_refuse_fails_with_the_place(
    workspace: Workspace, settings_for: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Message("help", [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 4000}}])
    monkeypatch.setattr("bot.doctor.block_checks.help_for", lambda *_: broken)
    settings = settings_for(workspace)
    async with prepared(settings):
        sound, text = await report(settings, messages=True)
    assert not sound
    assert "FAIL  Message /release: invalid_blocks" in text
    assert "/0/text" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "warn  PUBLIC_URL is not set: `/release calendar` gives no addresses"),
        ({"public_url": "http://127.0.0.1:1"}, "warn  PUBLIC_URL is set, but in Socket Mode nothing is served"),
        (
            {"public_url": "http://127.0.0.1:1", "port": 1},
            "warn  Calendars: http://127.0.0.1:1/calendar/ is not reached from here: Client",
        ),
        ({"public_url": "http://127.0.0.2:1", "port": 1}, "warn  PUBLIC_URL http://127.0.0.2:1 is not encrypted"),
    ],
)
async def test_an_address_that_leads_nowhere_is_mentioned_and_does_not_fail(
    workspace: Workspace, settings_for: MakeSettings, changes: dict[str, Any], said: str
) -> None:
    settings = settings_for(workspace, **changes)
    async with prepared(settings):
        sound, text = await report(settings)
    assert sound
    assert said in text
    assert ("is not encrypted" in text) is ("is not encrypted" in said)


async def test_something_else_at_the_address_is_told_from_release_desk(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    settings = settings_for(workspace, port=1, public_url=workspace.base_url, deployment_hook_secret=SECRET)
    async with prepared(settings):
        sound, text = await report(settings)
    assert sound
    assert f"warn  Calendars: {workspace.base_url}/calendar/ is answered with 404, not by Release Desk" in text
    assert "Have the server before it pass /hooks/deployment on to Release Desk." in text


async def test_a_program_that_runs_without_the_secret_shows(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    plain = settings_for(workspace)
    async with prepared(plain), reachable(plain, secret=None) as address:
        _, text = await report(settings_for(workspace, port=1, public_url=address, deployment_hook_secret=SECRET))
    assert f"{address}/hooks/deployment is answered with 404" in text
    assert f"ok    Calendars: reached at {address}/calendar/" in text


KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@pytest.mark.parametrize(
    ("changes", "fails", "said"),
    [
        ({"deployment_hook_secret": SECRET, "port": 1}, False, "ok    Secret of the pipelines: set"),
        ({"deployment_hook_secret": f"whsec_{KEY}", "port": 1}, False, "ok    Secret of the pipelines: set"),
        ({"deployment_hook_secret": SECRET}, True, "FAIL  DEPLOYMENT_HOOK_SECRET is set, but in Socket Mode"),
        (
            {"deployment_hook_secret": SECRET, "slack_signing_secret": SECRET, "slack_app_token": None},
            True,
            "FAIL  DEPLOYMENT_HOOK_SECRET is the signing secret: every pipeline could speak as Slack",
        ),
        (
            {"deployment_hook_secret": "secretsecretsecret", "port": 1},
            False,
            "warn  DEPLOYMENT_HOOK_SECRET is easily",
        ),
        ({"deployment_hook_secret": f"whsec_{KEY[:-3]}", "port": 1}, False, "is no whole signing token of GitLab"),
        ({"deployment_hook_secret": f"whsec_{KEY[:12]}", "port": 1}, False, "is no whole signing token of GitLab"),
    ],
)
async def test_the_secret_of_the_pipelines_is_looked_at(
    workspace: Workspace, settings_for: MakeSettings, changes: dict[str, Any], fails: bool, said: str
) -> None:
    settings = settings_for(workspace, **changes)
    async with prepared(settings):
        sound, text = await report(settings)
    assert sound is not fails
    assert said in text
    assert changes["deployment_hook_secret"] not in text


@pytest.mark.parametrize(
    ("secrets", "port", "fails", "said"),
    [
        (f"PAY={SECRET}", 1, False, "ok    Secrets of pipelines that ask: set for PAY"),
        (f"PAY={SECRET}", None, True, "FAIL  Pipelines have secrets to ask with, but in Socket Mode"),
        ("PAY=secretsecretsecret", 1, False, "warn  GATE_SECRETS has one for PAY that is easily guessed"),
        (f"SHOP={SECRET}", 1, False, "warn  GATE_SECRETS has one for SHOP, which is no service of the catalog"),
    ],
)
async def test_the_secrets_of_pipelines_that_ask_are_looked_at(
    workspace: Workspace, settings_for: MakeSettings, secrets: str, port: int | None, fails: bool, said: str
) -> None:
    settings = settings_for(workspace, gate_secrets=secrets, port=port)
    async with prepared(settings):
        sound, text = await report(settings)
    assert sound is not fails
    assert said in text
    assert secrets.partition("=")[2] not in text


async def test_a_catalog_that_expects_reports_asks_for_the_secret(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    document = example_document()
    document["services"][0]["deployments"] = {"repositories": ["acme/pay"]}
    document["services"][1].pop("deployments", None)
    settings = settings_for(workspace)
    async with prepared(settings, document):
        sound, text = await report(settings)
        assert sound
        assert "warn  The catalog names what reports deployments of Payments, but DEPLOYMENT_HOOK_SECRET" in text
        _, text = await report(settings_for(workspace, port=1, deployment_hook_secret=SECRET))
    assert "The catalog names what reports" not in text
