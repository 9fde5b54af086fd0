"""Which service a reported deployment is one of, and which release: pure rules, tested as tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.catalog.document import Catalog, Environment, Service
from models.catalog.numbering import fold_identifier
from models.deployments.report import Reported
from models.lifecycle.lifecycle import STOPPED, State, Verb, transition

TOLERANCE = timedelta(minutes=15)
"""By how much a report may come before a deployment was said to begin, or after it was said to have ended."""

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """What the catalog says about a report: the service it is production of, or a sentence on why it is none's.

    ``unknown`` tells that the catalog could know it and does not.
    """

    service: Service | None = None
    why: str = ""
    unknown: bool = False


def production_of(catalog: Catalog, reported: Reported) -> ReportedPlace:
    """The service whose production ``reported`` is about (docs/catalog.md, *Reported deployments*)."""
    name = reported.source.name
    known = [service for service in catalog.services if _names(service, reported)]
    if not known:
        return ReportedPlace(why=_UNKNOWN[reported.source.kind].format(name), unknown=True)
    here = {one.casefold() for one in reported.environments}
    for service in known:
        if reported.source.kind == "application" or here & {
            one.casefold() for one in service.deployments.production
        }:
            return ReportedPlace(service)
    where = " or ".join(reported.environments)
    return ReportedPlace(why=f"{where} is no production environment of {', '.join(one.key for one in known)}.")


def booked_environment_of(catalog: Catalog, reported: Reported) -> tuple[Service, Environment] | None:
    """The service and the environment that is booked which ``reported`` is about; nothing for other places."""
    here = {one.casefold() for one in reported.environments}
    for service in catalog.services:
        if _names(service, reported):
            for one in catalog.environments:
                if not one.production and here & {one.key.casefold(), one.name.casefold()}:
                    return service, one
    return None


_UNKNOWN = {
    "repository": "No service has the repository {} among its deployments.repositories in the catalog.",
    "application": "No service has the application {} among its deployments.applications in the catalog.",
    "service": "The catalog has no service with the key {}.",
}


def _names(service: Service, reported: Reported) -> bool:
    name = reported.source.name.casefold()
    names: Iterable[str] = {
        "repository": service.deployments.repositories,
        "application": service.deployments.applications,
        "service": (service.key,),
    }[reported.source.kind]
    return name in {one.casefold() for one in names}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release as far as matching asks; ``ended_at`` is empty before and during its deployment."""

    id: int
    identifier: str
    state: str
    window_start: datetime
    window_end: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def can_have_deployed(self) -> bool:
        """Whether it has been deployed, or might be now."""
        return self.started_at is not None or transition(Verb.START_DEPLOYMENT, self.state) is not None

    def deployed_at_the_time(self, at: datetime) -> bool:
        """Whether its deployment was under way at ``at``."""
        if self.started_at is None or at < self.started_at - TOLERANCE:
            return False
        return self.ended_at is None or at <= self.ended_at + TOLERANCE

    def planned_for(self, at: datetime) -> bool:
        """Whether ``at`` is in its window, and it may be deployed there."""
        return (
            self.can_have_deployed
            and State(self.state) not in STOPPED
            and self.window_start <= at <= self.window_end
        )


@dataclass(frozen=True, slots=True)
class Match:
    """The release that a deployment is one of; ``doubt`` says why a release that is named is not taken for it."""

    release: Candidate | None = None
    doubt: str = ""


def match(reported: Reported, at: datetime, releases: Sequence[Candidate]) -> Match:
    """The release of the service that was deployed at ``at``.

    A release that is named counts alone, right or wrong. Else it is the one that was being deployed at the time -
    of several the one begun last - or else the one whose window it is, of several the first.
    """
    named = _named(reported, releases)
    if named is not None and named.can_have_deployed:
        return Match(named)
    if named is not None:
        return Match(doubt=f"It names {named.identifier}, which is {State(named.state).words}.")
    if reported.release:
        return Match(doubt=f"It names {reported.release}, which is no release of this service.")
    under_way = [one for one in releases if one.deployed_at_the_time(at)]
    if under_way:
        return Match(max(under_way, key=lambda one: (one.started_at or at, one.id)))
    planned = [one for one in releases if one.planned_for(at)]
    return Match(min(planned, key=lambda one: (one.window_start, one.id))) if planned else Match()


def _named(reported: Reported, releases: Sequence[Candidate]) -> Candidate | None:
    """The release that is given, or named in a text; of several the longest name, for one may begin another.

    An identifier that is a bare number may stand in any text and mean something else.
    """
    if reported.release:
        wanted = fold_identifier(reported.release)
        return next((one for one in releases if fold_identifier(one.identifier) == wanted), None)
    texts = [_words(text) for text in reported.mentions]
    names = [(one, _words(one.identifier)) for one in releases if not one.identifier.isdecimal()]
    found = [one for one, words in names if any(_contains(words, text) for text in texts)]
    return max(found, key=lambda one: len(one.identifier), default=None)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _contains(words: Sequence[str], text: Sequence[str]) -> bool:
    """Whether ``words`` stand in ``text`` one after the other."""
    length = len(words)
    return bool(words) and any(text[at : at + length] == words for at in range(len(text) - length + 1))
