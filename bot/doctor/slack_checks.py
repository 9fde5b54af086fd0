"""The doctor on Slack: tokens, scopes, clocks, and the channels, people and groups of the catalog."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from bot.config.settings import Settings
from bot.doctor.calls import Caller, CallRefused
from bot.doctor.diagnosis import Diagnosis, fail, ok, warn
from bot.slack.manifest import bot_scopes, load_manifest
from models.catalog.document import Catalog, Service
from models.catalog.roles import role_word
from models.membership.rights import NOWHERE, Kind, Workspace, kind_of
from models.people.outsiders import OUTSIDER
from models.time.clock import Clock

SKEW_TO_MENTION, SKEW_TO_MEND = 60, 240
"""Seconds; Slack's signatures hold for 300."""

_BOT_ADVICE = "Copy the bot token from the page OAuth & Permissions of your Slack app into SLACK_BOT_TOKEN."
_APP_ADVICE = (
    "Make an app-level token with the scope connections:write on the page Basic Information of your Slack app, "
    "and put it into SLACK_APP_TOKEN."
)


async def bot_token(caller: Caller, settings: Settings, clock: Clock) -> list[Diagnosis]:
    """The bot token, its scopes, and whether Slack's clock and ours agree."""
    if settings.slack_bot_token is None:
        return [fail("SLACK_BOT_TOKEN is not set", _BOT_ADVICE)]
    try:
        identity = await caller.call("auth.test")
    except CallRefused as refused:
        return [fail(f"Slack does not take the bot token: {refused.code}", _not_taken(refused, _BOT_ADVICE))]
    found = [ok(f"Bot token: @{identity.get('user')} in {identity.get('team')}")]
    found.append(_scopes(caller.headers.get("x-oauth-scopes")))
    found.append(_clock(caller.headers.get("date"), clock, signed=not settings.socket_mode))
    return found


def _not_taken(refused: CallRefused, advice: str) -> str:
    return advice if refused.reached else "Check SLACK_API_URL, and whether this machine reaches Slack."


def _scopes(header: str | None) -> Diagnosis:
    wanted = bot_scopes(load_manifest())
    if header is None:
        return warn("Slack does not say which scopes the bot token has", "Compare them with app_manifest.yml.")
    granted = {scope.strip() for scope in header.split(",")} - {""}
    if missing := sorted(wanted - granted):
        return fail(
            f"Scopes are missing: {', '.join(missing)}",
            "Paste app_manifest.yml into the page App Manifest of your Slack app, and install the app again.",
        )
    if more := sorted(granted - wanted):
        return warn(
            f"The bot token has scopes that nothing needs: {', '.join(more)}",
            "Remove them on the page OAuth & Permissions, and install the app again.",
        )
    return ok(f"Scopes: all {len(wanted)} of the manifest")


def _clock(header: str | None, clock: Clock, *, signed: bool) -> Diagnosis:
    try:
        theirs = parsedate_to_datetime(header or "")
    except ValueError:
        return warn("Slack does not say what time it is", "Check that this machine's clock is right.")
    seconds = abs(round((clock.now() - theirs).total_seconds()))
    if signed and seconds > SKEW_TO_MEND:
        return fail(
            f"This machine's clock differs from Slack's by {seconds} s; signed requests are refused from 300 on",
            "Set the clock, for example with NTP.",
        )
    if seconds > SKEW_TO_MENTION:
        return warn(
            f"This machine's clock differs from Slack's by {seconds} s", "Set the clock, for example with NTP."
        )
    return ok("Clock: agrees with Slack's")


async def way_in(caller: Caller, settings: Settings) -> list[Diagnosis]:
    """Whether Slack can reach us: by Socket Mode with a token that works, or by signed HTTP."""
    if settings.slack_app_token is not None:
        try:
            await caller.call("apps.connections.open", token=settings.slack_app_token.get_secret_value())
        except CallRefused as refused:
            return [
                fail(f"Slack opens no Socket Mode connection: {refused.code}", _not_taken(refused, _APP_ADVICE))
            ]
        return [ok("App-level token: Slack opens Socket Mode connections for it")]
    if settings.slack_signing_secret is not None:
        return [ok("Signing secret: set; whether it is the right one shows with the first request")]
    return [fail("Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set", _APP_ADVICE)]


async def named_in(catalog: Catalog, caller: Caller, kept: Collection[str] = ()) -> list[Diagnosis]:
    """Whether the channels, people and user groups of the catalog exist, and the app is in the channels.

    ``kept`` are the people whom the catalog named before guests lost their rights.
    """
    try:
        ours = Workspace.of(await caller.call("auth.test"))
    except CallRefused:
        ours = NOWHERE
    subjects = _subjects(catalog)
    people = [one for one in subjects if not one.startswith("S")]
    groups = [one for one in subjects if one.startswith("S")]
    channels = await asyncio.gather(*(_channel(one, use, caller) for one, use in _channels(catalog).items()))
    asked = (_person(one, subjects[one], caller, _Admitted(ours, catalog.guests, kept)) for one in people)
    persons = await asyncio.gather(*asked)
    return [*channels, *_summed(persons, "People"), *await _groups(groups, subjects, caller)]


def _channels(catalog: Catalog) -> dict[str, str]:
    uses: dict[str, list[str]] = {}
    for service in catalog.services:
        uses.setdefault(service.channel, []).append(service.name)
    for digest in catalog.digests:
        uses.setdefault(digest.channel, []).append("a digest")
    return {channel: ", ".join(dict.fromkeys(names)) for channel, names in uses.items()}


async def _channel(channel: str, use: str, caller: Caller) -> Diagnosis:
    what = f"Channel {channel} ({use})"
    try:
        found = (await caller.call("conversations.info", channel=channel))["channel"]
    except CallRefused as refused:
        if refused.code == "channel_not_found":
            return fail(
                f"{what} does not exist, or is private and the app is not in it",
                "Invite the app there with /invite @Release Desk, or correct the id in the catalog.",
            )
        return fail(f"{what} cannot be looked at: {refused.code}", "Mend what stands above, and ask again.")
    what = f"Channel #{found.get('name')} ({use})"
    if found.get("is_archived"):
        return fail(f"{what} is archived", "Unarchive it, or name another channel in the catalog.")
    if not found.get("is_member"):
        return fail(f"{what}: the app is not in it", "Invite it there: /invite @Release Desk")
    return ok(what)


def _subjects(catalog: Catalog) -> dict[str, str]:
    """Each person and user group of the catalog, with one place that names them."""
    places: dict[str, str] = {}
    if catalog.process_owner:
        places[catalog.process_owner] = "process owner"
    for environment in catalog.environments:
        if environment.manager:
            places.setdefault(environment.manager, f"manager of {environment.name}")
    for service in catalog.services:
        for role, holders in _roles(service):
            for holder in holders:
                places.setdefault(holder, f"{role} of {service.name}")
    for guest in catalog.guests:
        places.setdefault(guest, "guests")
    return places


def _roles(service: Service) -> list[tuple[str, Sequence[str]]]:
    return [("owner", (service.owner,)), *((role_word(role), who) for role, who in service.roles.items())]


@dataclass(frozen=True, slots=True)
class _Admitted:
    """Who holds rights without being a member: those the catalog lists, or while it lists none, those it kept."""

    ours: Workspace
    guests: Collection[str]
    kept: Collection[str]


async def _person(person: str, place: str, caller: Caller, admitted: _Admitted) -> Diagnosis:
    what = f"Person {person} ({place})"
    try:
        user = (await caller.call("users.info", user=person))["user"]
    except CallRefused as refused:
        if refused.code in ("user_not_found", "user_not_visible"):
            return fail(f"{what} does not exist in this workspace", "Correct the id in the catalog.")
        return fail(f"{what} cannot be looked at: {refused.code}", "Mend what stands above, and ask again.")
    if user.get("deleted"):
        return fail(f"{what}: {user.get('name')} has left", "Name somebody else in the catalog.")
    kind = kind_of(user, admitted.ours)
    if kind == Kind.MEMBER or person in admitted.guests:
        return ok(what)
    what = f"{what}: {user.get('name')} is {OUTSIDER[kind]}"
    if person in admitted.kept and not admitted.guests:
        return warn(
            f"{what}, and keeps the rights that they had before the upgrade",
            "List them under guests in the catalog, or name somebody else. A list ends it for those not in it.",
        )
    return warn(f"{what}, and holds no right", "List them under guests in the catalog, or name somebody else.")


async def _groups(groups: list[str], places: dict[str, str], caller: Caller) -> list[Diagnosis]:
    if not groups:
        return []
    try:
        answer = await caller.call("usergroups.list", include_disabled="true", include_count="true")
    except CallRefused as refused:
        return [fail(f"User groups cannot be looked at: {refused.code}", "Mend what stands above, and ask again.")]
    known = {group["id"]: group for group in answer.get("usergroups", ())}
    return _summed([_group(one, places[one], known.get(one)) for one in groups], "User groups")


def _group(group: str, place: str, found: dict[str, object] | None) -> Diagnosis:
    if found is None:
        return fail(f"User group {group} ({place}) does not exist", "Correct the id in the catalog.")
    what = f"User group @{found.get('handle')} ({place})"
    if found.get("date_delete"):
        return fail(f"{what} is disabled", "Enable it in Slack, or name another in the catalog.")
    if not int(str(found.get("user_count") or 0)):
        return warn(f"{what} has nobody in it", "Add people to it in Slack: nobody holds this role.")
    return ok(what)


def _summed(diagnoses: Sequence[Diagnosis], kind: str) -> list[Diagnosis]:
    """Those that need attention, or one line if none does."""
    wrong = [one for one in diagnoses if one.advice]
    if wrong or not diagnoses:
        return wrong
    return [ok(f"{kind}: all {len(diagnoses)} of the catalog are there")]
