"""``POST /hooks/deployment``: pipelines report what they deployed (docs/deployments.md)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.http.bodies import decode
from bot.http.signatures import Headers, HookSignature
from models.deployments.receive import ReportResult, receive_report
from models.deployments.report import Fields, Ignored, Reported, clean_field
from models.deployments.webhook_formats import read_argocd, read_generic, read_github, read_gitlab
from models.errors import Invalid
from models.time.clock import Clock
from models.unit_of_work import UnitOfWork

log = structlog.get_logger()

ADDRESS = "/hooks/deployment"

REFUSED = "refused"

_NOTHING_NEW = (ReportResult.REPEATED, ReportResult.IGNORED)


@dataclass(frozen=True, slots=True)
class _Provider:
    """How a provider reports: the header that only it sends, its signature, its body, the headers with an id."""

    name: str
    header: str
    holds: Callable[[HookSignature, Headers, bytes], bool]
    read: Callable[[str, Fields], Reported | Ignored]
    id_headers: tuple[str, ...] = ()


_PROVIDERS = (
    _Provider("github", "X-GitHub-Event", HookSignature.signed_by_github, read_github, ("X-GitHub-Delivery",)),
    _Provider(
        "gitlab",
        "X-Gitlab-Event",
        HookSignature.signed_by_gitlab,
        read_gitlab,
        ("webhook-id", "Idempotency-Key"),
    ),
    _Provider(
        "generic", "X-Release-Desk-Signature", HookSignature.signed_by_generic, lambda _, body: read_generic(body)
    ),
    _Provider("argocd", "X-Release-Desk-Token", HookSignature.signed_by_argocd, lambda _, body: read_argocd(body)),
)


class DeploymentHook:
    """Answers below ``/hooks``: with 404 if there is no secret."""

    def __init__(self, work: UnitOfWork, secret: SecretStr | None, clock: Clock | None = None) -> None:
        self._work = work
        self._signature = HookSignature(secret.get_secret_value(), clock) if secret else None

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != ADDRESS or self._signature is None:
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        return await self._receive(request, self._signature)

    async def _receive(self, request: web.BaseRequest, signature: HookSignature) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _answer(413, REFUSED, "A report has at most 1 MB.")
        provider = next((one for one in _PROVIDERS if one.header in request.headers), None)
        if provider is None or not provider.holds(signature, request.headers, body):
            log.warning("hook_refused", format=provider.name if provider else "", remote=request.remote)
            return _answer(401, REFUSED, _NO_FORMAT if provider is None else _WRONG_SIGNATURE)
        try:
            return await self._take(provider, request.headers, _fields(body, request.content_type))
        except Invalid as error:
            return _answer(400, REFUSED, str(error))

    async def _take(self, provider: _Provider, headers: Headers, fields: Fields) -> web.Response:
        found = provider.read(headers[provider.header], fields)
        if isinstance(found, Ignored):
            return _answer(200, ReportResult.IGNORED, found.why)
        ids = (clean_field(headers.get(header, "")) for header in provider.id_headers)
        taken = await receive_report(self._work, found, next(filter(None, ids), ""))
        log.info("deployment_reported", format=provider.name, source=found.source.name, result=taken.result.value)
        return _answer(200 if taken.result in _NOTHING_NEW else 202, taken.result, taken.said)


def _fields(body: bytes, content_type: str) -> Fields:
    """The body as JSON, also out of the form that GitHub may put it in. Raises Invalid for anything else."""
    try:
        return decode(body.decode(), content_type if content_type == _FORM else "application/json")
    except (ValueError, RecursionError):
        raise Invalid({"body": "The body is no JSON object in UTF-8."}) from None


_FORM = "application/x-www-form-urlencoded"

_NO_FORMAT = "None of the headers is there that show the secret; docs/deployments.md names them."

_WRONG_SIGNATURE = "The signature does not fit the secret and the body, or it is older than five minutes."


def _answer(status: int, result: str, said: str) -> web.Response:
    content: Mapping[str, str] = {"result": str(result), "said": said}
    return web.Response(status=status, body=json.dumps(content).encode(), content_type="application/json")
