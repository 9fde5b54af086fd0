"""``/hooks/gate``: pipelines ask whether they may touch production (docs/clearance-for-pipelines.md)."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.http.bodies import object_in
from bot.http.gate_secrets import GateSecrets
from bot.http.sealing import seal
from bot.http.signatures import HookSignature
from models.errors import Invalid, NotFound
from models.pipelines.answer import PipelineAnswer
from models.pipelines.ask import NotTheirSecret, ask_clearance, poll_clearance
from models.pipelines.away import read_away_note, record_away
from models.pipelines.callback_hosts import CallbackHosts
from models.pipelines.callbacks import card_of
from models.pipelines.decision import AnswerCode, PipelineDecision
from models.pipelines.formats.azure import read_check
from models.pipelines.formats.flagger import flagger_token, read_canary
from models.pipelines.formats.generic import read_question
from models.pipelines.formats.github import GITHUB_EVENT, read_protection_rule
from models.pipelines.formats.terraform import is_run_task_check, read_run_task
from models.pipelines.links import GATE, Links
from models.pipelines.question import ClearanceQuestion
from models.unit_of_work import UnitOfWork

log = structlog.get_logger()

STATUSES = {
    PipelineDecision.ALLOWED: 200,
    PipelineDecision.AWAITING: 409,
    PipelineDecision.PREVENTED: 403,
    PipelineDecision.INVALID: 400,
}
"""Nothing but ``allowed`` is a success, so that a caller who reads only the status is stopped."""

PATIENCE = 5.0
"""Seconds after which a database counts as out of reach; an answer takes one at most."""

ASK_AGAIN = 30
"""Seconds that a pipeline which polls may wait."""

_TOKEN = re.compile(rf"{GATE}/(c-[\w-]{{20,40}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class GateKeys:
    """What the gate knows its callers by. Without ``github`` no webhook of GitHub's is taken."""

    secrets: GateSecrets
    github: HookSignature | None = None
    github_api: str = "https://api.github.com"


class GateRefusal(Exception):
    """An answer in words instead of a decision about a release."""

    def __init__(self, status: int, code: AnswerCode, said: str) -> None:
        super().__init__(said)
        self.status, self.code, self.said = status, code, said


class GateHook:
    """Answers below ``/hooks/gate``: with 404 if there is no secret. ``wake`` has callbacks sent at once."""

    def __init__(
        self, work: UnitOfWork, keys: GateKeys, hosts: CallbackHosts, links: Links, wake: Callable[[], None]
    ) -> None:
        self._work = work
        self._keys = keys
        self._hosts = hosts
        self._links = links
        self._wake = wake
        self._pages: Mapping[str, Callable[[web.BaseRequest, bytes], Awaitable[web.Response]]] = {
            GATE: self._generic,
            f"{GATE}/away": self._away,
            f"{GATE}/github": self._github,
            f"{GATE}/azure": self._azure,
            f"{GATE}/terraform": self._terraform,
            f"{GATE}/flagger": self._flagger,
        }

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        poll, page = _TOKEN.fullmatch(request.path), self._pages.get(request.path)
        if (poll is None and page is None) or not (self._keys.secrets or self._keys.github):
            return web.Response(status=404)
        method = "GET" if poll else "POST"
        if request.method != method:
            return web.Response(status=405, headers={"Allow": method})
        try:
            body = await request.read()
            async with asyncio.timeout(PATIENCE):
                if poll:
                    return await self._poll(poll[1], self._keys.secrets.by_token(_token(request)))
                return await self._pages[request.path](request, body)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("gate_failed", path=request.path, error=type(error).__name__)
            return _json(503, {"said": "The database can't be reached. Ask again."}, {"Retry-After": "5"})
        except (web.HTTPRequestEntityTooLarge, Invalid, NotTheirSecret, GateRefusal) as error:
            refused = _refusal_of(error)
            log.warning("gate_refused", path=request.path, code=refused.code.value, remote=request.remote)
            return _refusal(refused)

    async def _generic(self, request: web.BaseRequest, content: bytes) -> web.Response:
        services = self._proven(request, content)
        body = object_in(content)
        if set(body) == {"id"} and isinstance(body["id"], str):
            found = _TOKEN.fullmatch(f"{GATE}/{body['id']}")
            return await self._poll(found[1] if found else "", services)
        answer = await self._ask(read_question(body), services)
        return await self._decided(answer)

    async def _poll(self, token: str, services: Collection[str]) -> web.Response:
        if not services:
            raise GateRefusal(401, AnswerCode.SECRET, _WRONG_SECRET)
        try:
            answer = await poll_clearance(self._work, token, services)
        except NotFound as unknown:
            raise GateRefusal(404, AnswerCode.UNKNOWN_ID, str(unknown)) from None
        self._wake()
        return await self._decided(answer)

    async def _away(self, request: web.BaseRequest, content: bytes) -> web.Response:
        services = self._proven(request, content)
        new = await record_away(self._work, read_away_note(object_in(content)), services)
        said = "It is recorded as broken glass." if new else "It was recorded before."
        return _json(200, {"result": "recorded" if new else "repeated", "said": said})

    async def _github(self, request: web.BaseRequest, content: bytes) -> web.Response:
        signature = self._keys.github
        if signature is None:
            return web.Response(status=404)
        if not signature.signed_by_github(request.headers, content):
            raise GateRefusal(401, AnswerCode.SECRET, _WRONG_SECRET)
        body = object_in(content, request.content_type)
        event = request.headers.get("X-GitHub-Event", "")
        if event != GITHUB_EVENT or body.get("action") != "requested":
            return _json(200, {"result": "ignored", "said": f"Only {GITHUB_EVENT} that is requested is answered."})
        question = read_protection_rule(body)
        if question.callback is None or not question.callback.url.startswith(f"{self._keys.github_api}/"):
            raise GateRefusal(400, AnswerCode.CALLBACK, "deployment_callback_url is no address of GitHub's API.")
        return await self._called_back(question, None)

    async def _azure(self, request: web.BaseRequest, content: bytes) -> web.Response:
        services = self._proven(request, content)
        return await self._called_back(read_check(request.headers, object_in(content)), services)

    async def _terraform(self, request: web.BaseRequest, content: bytes) -> web.Response:
        services = self._keys.secrets.by_terraform(request.headers, content)
        if not services:
            raise GateRefusal(401, AnswerCode.SECRET, _WRONG_SECRET)
        body = object_in(content)
        if is_run_task_check(body):
            return _json(200, {"result": "ignored", "said": "Run tasks are taken here."})
        return await self._called_back(read_run_task(request.query, body), services)

    async def _flagger(self, request: web.BaseRequest, content: bytes) -> web.Response:
        body = object_in(content)
        services = self._keys.secrets.by_token(flagger_token(body))
        if not services:
            raise GateRefusal(401, AnswerCode.SECRET, _WRONG_SECRET)
        return await self._decided(await self._ask(read_canary(body), services))

    def _proven(self, request: web.BaseRequest, content: bytes) -> frozenset[str]:
        """The services whose secret the request shows: signed, or as it is."""
        if "X-Release-Desk-Signature" in request.headers:
            services = self._keys.secrets.by_signature(request.headers, content)
        else:
            services = self._keys.secrets.by_token(_token(request))
        if not services:
            raise GateRefusal(401, AnswerCode.SECRET, _WRONG_SECRET)
        return services

    async def _called_back(self, question: ClearanceQuestion, services: Collection[str] | None) -> web.Response:
        """Only acknowledged: the tool waits to be called back."""
        answer = await self._ask(question, services)
        said = f"{question.tool.words} is called back. {answer.said}"
        return _json(200, {"result": "taken", "said": said, "id": answer.token})

    async def _ask(self, question: ClearanceQuestion, services: Collection[str] | None) -> PipelineAnswer:
        callback = question.callback
        if callback is not None:
            if problem := self._hosts.problem(callback.url):
                raise GateRefusal(400, AnswerCode.CALLBACK, problem)
            secret = self._keys.secrets.first(question.service)
            question = replace(question, callback=replace(callback, bearer=seal(secret, callback.bearer)))
        answer = await ask_clearance(self._work, question, services)
        log.info(
            "clearance_asked", tool=question.tool.value, service=answer.service, decision=answer.decision.value
        )
        if callback is not None:
            self._wake()
        return answer

    async def _decided(self, answer: PipelineAnswer) -> web.Response:
        async with self._work.database.reading() as session:
            card = await card_of(session, answer.release_id)
        headers = {"Retry-After": str(ASK_AGAIN)} if answer.decision is PipelineDecision.AWAITING else {}
        status = STATUSES.get(answer.decision, 403)
        return _json(status, self._links.into(answer.as_json(), card), headers)


def _token(request: web.BaseRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return token.strip()
    return request.headers.get("X-Release-Desk-Token", "")


_WRONG_SECRET = "The secret or the signature is wrong, or the signature is older than five minutes."  # noqa: S105


def _refusal_of(error: Exception) -> GateRefusal:
    if isinstance(error, GateRefusal):
        return error
    if isinstance(error, NotTheirSecret):
        return GateRefusal(401, AnswerCode.SECRET, str(error))
    if isinstance(error, Invalid):
        return GateRefusal(400, AnswerCode.UNREADABLE, str(error))
    return GateRefusal(413, AnswerCode.UNREADABLE, "A question has at most 1 MB.")


def _refusal(refused: GateRefusal) -> web.Response:
    """In the form of an answer, so that a caller reads one form only."""
    reason = {"code": refused.code.value, "text": refused.said, "hard": True}
    content = {"decision": PipelineDecision.INVALID.value, "said": refused.said, "reasons": [reason]}
    return _json(refused.status, content)


def _json(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(content).encode(), content_type="application/json", headers=headers
    )
