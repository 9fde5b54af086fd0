"""``releasedesk gate``: asks Release Desk whether a pipeline may touch production; the exit code is the answer.

It runs in pipelines, so it loads nothing of the program and keeps to the standard library.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from bot.cli.exit_codes import ALLOWED, AWAITING, INVALID, NOT_REACHED, PREVENTED
from bot.cli.gate_client import DeskAway, GateClient, Unreadable
from models.errors import Invalid
from models.time.clock import SystemClock
from models.time.spans import parse_span

app = typer.Typer(
    help="Ask whether a pipeline may touch production, before it does.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

CODES = {"allowed": ALLOWED, "awaiting": AWAITING, "prevented": PREVENTED, "invalid": INVALID}

ASK_EVERY = 15.0
"""Seconds between two questions of a pipeline that waits."""

TRIES = (1.0, 3.0, 6.0)
"""Seconds to wait before asking a desk again that wasn't reached."""

_RUNS = (
    ("GITHUB_RUN_ID", "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"),
    ("CI_JOB_URL", "{CI_JOB_URL}"),
    ("BUILD_URL", "{BUILD_URL}"),
)
"""Where well-known tools say the address of a run."""

_COMMITS = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT")

_ACTORS = (("GITHUB_ACTOR", "github"), ("GITLAB_USER_LOGIN", "gitlab"), ("BUILD_REQUESTEDFOREMAIL", "azure"))


@dataclass(frozen=True, slots=True)
class Asking:
    client: GateClient
    body: Mapping[str, str]
    notes: Path
    as_json: bool


@app.callback()
def gate(
    service: Annotated[str, typer.Option(help="The key of the service, such as PAY.")] = "",
    environment: Annotated[str, typer.Option(help="Where it is deployed.")] = "production",
    item: Annotated[str, typer.Option(help="The key of the configuration item.")] = "",
    version: Annotated[str, typer.Option(help="The version that is deployed.")] = "",
    digest: Annotated[str, typer.Option(help="Its checksum, such as sha256:...")] = "",
    commit: Annotated[str, typer.Option(help="Its commit; taken from the tool's environment.")] = "",
    release: Annotated[str, typer.Option(help="The release that it is one of, if that is known.")] = "",
    run: Annotated[str, typer.Option(help="The address of the run; taken from the tool's environment.")] = "",
    actor: Annotated[str, typer.Option(help="Who runs it, such as github:ann; from the environment.")] = "",
    question: Annotated[str, typer.Option("--id", help="What names this question, if fields don't.")] = "",
    desk: Annotated[str, typer.Option(envvar="RELEASE_DESK_URL", help="Where Release Desk is.")] = "",
    wait: Annotated[str, typer.Option(help="How long to wait for `allowed`, such as 30m.")] = "0m",
    desk_away: Annotated[str, typer.Option(help="Why to go ahead if Release Desk can't be reached.")] = "",
    report_away: Annotated[
        Path | None, typer.Option(help="Only deliver the notes in this file; - is standard input.")
    ] = None,
    notes: Annotated[
        Path, typer.Option(envvar="RELEASE_DESK_NOTES", help="Where notes of a desk that was away are kept.")
    ] = Path(".release-desk-away.jsonl"),
    json_: Annotated[bool, typer.Option("--json", help="Print the whole answer.")] = False,
) -> None:
    """Ask, and exit with 0 allowed, 10 awaiting, 11 prevented, 12 invalid or 13 not reached.

    The secret of the service is in RELEASE_DESK_SECRET.
    """
    client = _client(desk)
    if report_away is not None:
        raise typer.Exit(_deliver_from(client, report_away))
    seconds = _seconds(wait)
    if not service:
        raise Invalid({"service": "Say which service with --service, such as --service PAY."})
    run_url = run or _run_address()
    body = {
        "service": service,
        "environment": environment,
        "item": item,
        "version": version,
        "digest": digest,
        "commit": commit or _first(_COMMITS),
        "release": release,
        "run_url": run_url,
        "actor": actor or _actor(),
        "id": question,
    }
    asking = Asking(client, {name: value for name, value in body.items() if value}, notes, json_)
    raise typer.Exit(_ask(asking, seconds, desk_away.strip()))


def _ask(asking: Asking, seconds: float, away: str) -> int:
    try:
        answer = _until_allowed(asking, _reached(asking.client, asking.body), time.monotonic() + seconds)
    except Unreadable as error:
        _say(f"Not reached: {error}", error=True)
        return NOT_REACHED
    except DeskAway as error:
        _say(f"Not reached: Release Desk does not answer: {error}", error=True)
        return _go_ahead(asking, away) if away else NOT_REACHED
    _deliver_kept(asking.client, asking.notes)
    _show(answer, as_json=asking.as_json)
    return CODES[answer["decision"]]


def _until_allowed(asking: Asking, answer: dict[str, Any], deadline: float) -> dict[str, Any]:
    """The last answer before ``deadline``. A desk that goes away after it said to wait has said to wait."""
    while answer["decision"] == "awaiting" and time.monotonic() < deadline:
        _say(answer["said"], error=True)
        time.sleep(min(ASK_EVERY, max(0.0, deadline - time.monotonic())))
        with suppress(DeskAway):
            answer = asking.client.ask(asking.body)
    return answer


def _reached(client: GateClient, body: Mapping[str, str]) -> dict[str, Any]:
    """The answer, asked for a few times. Raises :class:`DeskAway` and :class:`Unreadable`."""
    for pause in TRIES:
        try:
            return client.ask(body)
        except DeskAway:
            time.sleep(pause)
    return client.ask(body)


def _go_ahead(asking: Asking, reason: str) -> int:
    """Write the note to the log and to the file first: without either nobody would ever learn of it."""
    note = {**asking.body, "id": f"away-{uuid4()}", "reason": reason, "at": _now()}
    line = json.dumps(note)
    _say("GOING AHEAD WITHOUT CLEARANCE. This is broken glass, and Release Desk is told of it later.", error=True)
    _say(f"Reason: {reason}", error=True)
    _say(f"release-desk-away: {line}", error=True)
    try:
        with asking.notes.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        _say(f"The note is not kept in {asking.notes}: {error.strerror}.", error=True)
    _say(
        "The next `releasedesk gate` that finds this file delivers it; "
        "`releasedesk gate --report-away -` takes it from this log.",
        error=True,
    )
    return ALLOWED


def _deliver_kept(client: GateClient, notes: Path) -> None:
    """Deliver what earlier runs here left, after the answer: it must not hold that up."""
    if not notes.exists():
        return
    with suppress(OSError):
        left = [line for line in notes.read_text(encoding="utf-8").splitlines() if not _delivered(client, line)]
        if left:
            notes.write_text("".join(f"{line}\n" for line in left), encoding="utf-8")
        else:
            notes.unlink()


def _deliver_from(client: GateClient, source: Path) -> int:
    text = sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
    lines = list(_notes_in(text))
    if not lines:
        raise Invalid({"report_away": "There is no note in it: a line that begins with release-desk-away: or {."})
    undelivered = [line for line in lines if not _delivered(client, line)]
    _say(f"{len(lines) - len(undelivered)} of {len(lines)} delivered.")
    return NOT_REACHED if undelivered else ALLOWED


def _notes_in(text: str) -> Iterator[str]:
    """The notes in a file of them, or in the log of a run, whatever stands before them in a line."""
    for line in text.splitlines():
        _, mark, rest = line.partition("release-desk-away: ")
        if mark or line.startswith("{"):
            yield (rest if mark else line).strip()


def _delivered(client: GateClient, line: str) -> bool:
    """Whether it needs no further try: it was taken, or it is no note at all."""
    try:
        note = json.loads(line)
    except ValueError:
        return True
    try:
        said = client.report(note)
    except (DeskAway, Unreadable) as error:
        _say(f"A note of a desk that was away is not delivered yet: {error}", error=True)
        return False
    _say(f"Delivered a note of a desk that was away: {said}", error=True)
    return True


def _client(desk: str) -> GateClient:
    """Raises :class:`~models.errors.Invalid` for a wrong address and without a secret."""
    problems: dict[str, str] = {}
    if not desk:
        problems["desk"] = "Say where Release Desk is with --desk or RELEASE_DESK_URL."
    elif problem := GateClient.problem(desk):
        problems["desk"] = problem
    secret = os.environ.get("RELEASE_DESK_SECRET", "").strip()
    if not secret:
        problems["missing"] = "RELEASE_DESK_SECRET is not set; it needs the secret of the service."
    if problems:
        raise Invalid(problems)
    return GateClient(desk, secret)


def _seconds(wait: str) -> float:
    try:
        return parse_span(wait).rough.total_seconds()
    except ValueError as error:
        raise Invalid({"wait": f"--wait: {error}"}) from None


def _show(answer: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        _say(json.dumps(answer, indent=2))
        return
    _say(f"{answer['decision']}: {answer['said']}")
    for link in (answer.get("release_url"), answer.get("poll")):
        if link:
            _say(link)


def _first(names: tuple[str, ...]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _run_address() -> str:
    for name, form in _RUNS:
        if os.environ.get(name):
            return form.format_map({**dict.fromkeys(("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"), ""), **os.environ})
    return ""


def _actor() -> str:
    return next((f"{tool}:{os.environ[name]}" for name, tool in _ACTORS if os.environ.get(name)), "")


def _now() -> str:
    return SystemClock().now().isoformat(timespec="seconds")


def _say(text: str, *, error: bool = False) -> None:
    typer.echo(text, err=error)
