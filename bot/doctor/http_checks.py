"""The doctor on HTTP: the public address, and the secret that pipelines share.

Addresses get a request that only Release Desk answers in its way, with nothing secret in it. An address out of
reach is a warning at most: other machines may reach it, or `run` may not have started yet.
"""

import base64
import binascii
from collections.abc import AsyncIterator

import aiohttp

from bot.config.settings import SHORTEST_SECRET, Settings
from bot.doctor.diagnosis import Diagnosis, fail, ok, warn
from bot.http.deployment_hook import ADDRESS
from bot.slack.client import TRANSPORT_ERRORS
from models.catalog.document import Catalog
from models.pipelines.links import GATE

PATIENCE = aiohttp.ClientTimeout(total=5)

FEWEST_CHARACTERS = 8
"""Different characters in a secret; a random one has more."""

_NEW_SECRET = "Make another with `openssl rand -hex 32`, and give it to the pipelines, too."  # noqa: S105
_TO_US = "Have the server before it pass {} on to Release Desk."


async def public_address(settings: Settings, session: aiohttp.ClientSession) -> AsyncIterator[Diagnosis]:
    """Whether `PUBLIC_URL` is set, is encrypted, and leads to Release Desk."""
    address = settings.public_url
    if not address:
        yield warn(
            "PUBLIC_URL is not set: `/release calendar` gives no addresses",
            "Set it to where the HTTP side is reached from outside, for people to subscribe to calendars.",
        )
        return
    if not settings.serves_http:
        yield warn("PUBLIC_URL is set, but in Socket Mode nothing is served without PORT", "Set PORT, too.")
        return
    if settings.public_in_the_clear:
        yield warn(
            f"PUBLIC_URL {address} is not encrypted: secrets in addresses and reports travel readable",
            "Put a server that speaks HTTPS before Release Desk, and begin PUBLIC_URL with https://.",
        )
    yield await _reached(session, "Calendars", "POST", f"{address}/calendar/", "GET, HEAD", "/calendar/")
    if settings.deployment_hook_secret is not None:
        yield await _reached(session, "Reports of deployments", "GET", f"{address}{ADDRESS}", "POST", ADDRESS)
    if settings.gate_keys:
        yield await _reached(session, "Pipelines that ask", "GET", f"{address}{GATE}", "POST", GATE)


async def _reached(
    session: aiohttp.ClientSession, what: str, method: str, address: str, allowed: str, path: str
) -> Diagnosis:
    """Send a method that the page refuses: Release Desk answers 405 with the methods that it takes."""
    try:
        async with session.request(method, address, timeout=PATIENCE, allow_redirects=False) as answer:
            status, allows = answer.status, answer.headers.get("Allow", "")
    except TRANSPORT_ERRORS as error:
        return warn(
            f"{what}: {address} is not reached from here: {type(error).__name__}",
            "If `releasedesk run` is running, look at PUBLIC_URL and the server before it, or ask from elsewhere.",
        )
    if status == 405 and allows == allowed:
        return ok(f"{what}: reached at {address}")
    return warn(f"{what}: {address} is answered with {status}, not by Release Desk", _TO_US.format(path))


def hook_secret(settings: Settings) -> list[Diagnosis]:
    """Whether pipelines can report with the secret, and nobody can guess it."""
    if settings.deployment_hook_secret is None:
        return []
    secret = settings.deployment_hook_secret.get_secret_value()
    diagnoses: list[Diagnosis] = []
    if settings.hook_out_of_reach:
        diagnoses.append(
            fail("DEPLOYMENT_HOOK_SECRET is set, but in Socket Mode nothing is served without PORT", "Set PORT.")
        )
    signing = settings.slack_signing_secret
    if signing is not None and signing.get_secret_value() == secret:
        diagnoses.append(
            fail("DEPLOYMENT_HOOK_SECRET is the signing secret: every pipeline could speak as Slack", _NEW_SECRET)
        )
    if len(set(secret)) < FEWEST_CHARACTERS:
        diagnoses.append(warn("DEPLOYMENT_HOOK_SECRET is easily guessed", _NEW_SECRET))
    if secret.startswith("whsec_") and not _is_key(secret.removeprefix("whsec_")):
        diagnoses.append(
            warn(
                "DEPLOYMENT_HOOK_SECRET begins with whsec_ and is no whole signing token of GitLab",
                "Copy the token from GitLab again, or make a secret that begins otherwise.",
            )
        )
    return diagnoses or [ok("Secret of the pipelines: set")]


def gate_secrets(settings: Settings) -> list[Diagnosis]:
    """Whether pipelines can ask with their secrets, and nobody can guess one."""
    diagnoses: list[Diagnosis] = []
    if settings.gate_out_of_reach:
        said = "Pipelines have secrets to ask with, but in Socket Mode nothing is served without PORT"
        diagnoses.append(fail(said, "Set PORT."))
    guessed = {service for service, secret in settings.gate_keys if len(set(secret)) < FEWEST_CHARACTERS}
    for one in sorted(guessed):
        diagnoses.append(warn(f"GATE_SECRETS has one for {one} that is easily guessed", _NEW_SECRET))
    if not diagnoses and settings.gate_keys:
        services = ", ".join(dict.fromkeys(service for service, _ in settings.gate_keys))
        diagnoses.append(ok(f"Secrets of pipelines that ask: set for {services}"))
    return diagnoses


def gate_services(settings: Settings, catalog: Catalog) -> list[Diagnosis]:
    """Whether every secret is that of a service."""
    unknown = dict.fromkeys(service for service, _ in settings.gate_keys if service not in catalog.by_key)
    return [
        warn(f"GATE_SECRETS has one for {one}, which is no service of the catalog", "Correct the key or remove it.")
        for one in unknown
    ]


def hook_wanted(settings: Settings, catalog: Catalog) -> list[Diagnosis]:
    """Whether there is a secret for the pipelines that the catalog names."""
    expecting = [
        one.name for one in catalog.services if one.deployments.repositories or one.deployments.applications
    ]
    if settings.deployment_hook_secret is not None or not expecting:
        return []
    return [
        warn(
            f"The catalog names what reports deployments of {', '.join(expecting)}, "
            "but DEPLOYMENT_HOOK_SECRET is not set",
            "Set it, as docs/deployments.md says; without it reports are answered with 404.",
        )
    ]


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= SHORTEST_SECRET
    except binascii.Error:
        return False
