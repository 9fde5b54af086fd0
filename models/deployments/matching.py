"""The rules that match a reported deployment to a service and a release (docs/process.md#reported-by-pipelines)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.catalog.document import Catalog, Environment, Service
from models.catalog.numbering import fold_identifier
from models.deployments.report import Reported
from models.lifecycle.lifecycle import STOPPED, State, Verb, transition

TOLERANCE = timedelta(minutes=15)
"""How long before the recorded start of a deployment, or after its end, a report may come."""

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """The service whose production a report is about, or a sentence on why there is none.

    ``unknown`` if the catalog does not have the report's source at all.
    """

    service: Service | None = None
    why: str = ""
    unknown: bool = False


def production_of(catalog: Catalog, reported: Reported) -> ReportedPlace:
    name = reported.source.name
    known = [service for service in catalog.services if _names(service, reported)]
    if not known:
        return ReportedPlace(why=_UNKNOWN[reported.source.kind].format(name), unknown=True)
    places = {name.casefold() for name in reported.environments}
    for service in known:
        if reported.source.kind == "application" or places & {
            one.casefold() for one in service.deployments.production
        }:
            return ReportedPlace(service)
    where = " or ".join(reported.environments)
    return ReportedPlace(why=f"{where} is no production environment of {', '.join(one.key for one in known)}.")


def other_environment_of(catalog: Catalog, reported: Reported) -> tuple[Service, Environment] | None:
    """The service and the environment other than production that ``reported`` is about."""
    places = {name.casefold() for name in reported.environments}
    for service in catalog.services:
        if _names(service, reported):
            for one in catalog.environments:
                if not one.production and places & {one.key.casefold(), one.name.casefold()}:
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
    """A release that may match; ``ended_at`` is empty before and during its deployment."""

    id: int
    identifier: str
    state: str
    window_start: datetime
    window_end: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def can_have_deployed(self) -> bool:
        """Whether its deployment has started, or may start now."""
        return self.started_at is not None or transition(Verb.START_DEPLOYMENT, self.state) is not None

    def deployed_at_the_time(self, at: datetime) -> bool:
        """Give or take :data:`TOLERANCE`."""
        if self.started_at is None or at < self.started_at - TOLERANCE:
            return False
        return self.ended_at is None or at <= self.ended_at + TOLERANCE

    def planned_for(self, at: datetime) -> bool:
        return (
            self.can_have_deployed
            and State(self.state) not in STOPPED
            and self.window_start <= at <= self.window_end
        )


@dataclass(frozen=True, slots=True)
class Match:
    """``doubt`` is a sentence on why the release that the report names does not match."""

    release: Candidate | None = None
    doubt: str = ""


def match(reported: Reported, at: datetime, releases: Sequence[Candidate]) -> Match:
    """The release that the report names, or else the one being deployed at ``at``, or else planned for then.

    A named release counts alone, right or wrong. Of several being deployed it is the one that started last; of
    several planned, the first.
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
    """The release in the report's field, or else in its texts; the longest, because one name may begin another.

    Texts are not searched for identifiers that are bare numbers: they may mean anything.
    """
    if reported.release:
        wanted = fold_identifier(reported.release)
        return next((one for one in releases if fold_identifier(one.identifier) == wanted), None)
    texts = [_words(text) for text in reported.mentions]
    names = [(one, _words(one.identifier)) for one in releases if not one.identifier.isdecimal()]
    mentioned = [one for one, words in names if any(_contains(words, text) for text in texts)]
    return max(mentioned, key=lambda one: len(one.identifier), default=None)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _contains(words: Sequence[str], text: Sequence[str]) -> bool:
    """Whether ``text`` contains ``words`` in a row."""
    length = len(words)
    return bool(words) and any(text[at : at + length] == words for at in range(len(text) - length + 1))
