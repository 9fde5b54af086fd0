from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.catalog.document import Catalog
from models.deployments.matching import Candidate, match, production_of
from models.deployments.report import Reported, ReportedOutcome, ReportSource
from tests.conftest import MORNING, example_document
from tests.deployments.bodies import reporting_document

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

REPORT = Reported(
    provider="GitHub",
    reference="acme/pay#1",
    source=ReportSource("repository", "acme/pay"),
    environments=("production",),
    outcome=ReportedOutcome.SUCCEEDED,
)


def release(number: int = 14, state: str = "approved", start: datetime = MORNING - HOUR, **more: Any) -> Candidate:
    return Candidate(
        id=number,
        identifier=f"PAY-2026.{number:03d}",
        state=state,
        window_start=start,
        window_end=start + 2 * HOUR,
        **more,
    )


ELSEWHERE = MORNING + 100 * HOUR
DEPLOYING = release(15, "deploying", ELSEWHERE, started_at=MORNING - 10 * MINUTE)
DEPLOYED = release(16, "deployed", ELSEWHERE, started_at=MORNING - HOUR, ended_at=MORNING - 5 * MINUTE)
LONG_AGO = release(17, "deployed", ELSEWHERE, started_at=MORNING - 9 * HOUR, ended_at=MORNING - 8 * HOUR)
LATER = release(18, "approved", ELSEWHERE)

CASES = {
    "nothing planned": ({}, [], None),
    "its window": ({}, [release()], 14),
    "the first of two windows": ({}, [release(20), release(14), release(21, start=MORNING - 30 * MINUTE)], 14),
    "the end of the window": ({}, [release(start=MORNING - 2 * HOUR)], 14),
    "just after the window": ({}, [release(start=MORNING - 2 * HOUR - MINUTE)], None),
    "another window": ({}, [LATER], None),
    "a window that nobody approved": ({}, [release(state="requested")], None),
    "a window that was cancelled": ({}, [release(state="cancelled")], None),
    "a window backed out of": (
        {},
        [release(state="backed_out", started_at=MORNING - HOUR, ended_at=MORNING - 40 * MINUTE)],
        None,
    ),
    "being deployed now": ({}, [release(), DEPLOYING], 15),
    "the one begun last": ({}, [DEPLOYED, DEPLOYING], 15),
    "just deployed": ({}, [release(), DEPLOYED], 16),
    "deployed long ago": ({}, [LONG_AGO], None),
    "started a little later": ({}, [replace(DEPLOYING, started_at=MORNING + 10 * MINUTE)], 15),
    "started much later": ({}, [replace(DEPLOYING, started_at=MORNING + HOUR)], None),
    "named by its identifier": ({"release": "pay-2026.018"}, [DEPLOYING, LATER], 18),
    "named in the ref": ({"mentions": ("release/PAY-2026.018",)}, [DEPLOYING, LATER], 18),
    "named in the title": ({"mentions": ("", "Deploy (PAY-2026.018) to production")}, [DEPLOYING, LATER], 18),
    "another identifier that begins like it": ({"mentions": ("PAY-2026.018.1",)}, [LATER], None),
    "another identifier that ends like it": ({"mentions": ("REPAY-2026.018",)}, [LATER], None),
    "named although it was deployed long ago": ({"release": "PAY-2026.017"}, [DEPLOYING, LONG_AGO], 17),
}


@pytest.mark.parametrize("name", CASES)
def test_the_release_is_found(name: str) -> None:
    changes, releases, wanted = CASES[name]
    found = match(replace(REPORT, **changes), MORNING, releases).release
    assert (found.id if found else None) == wanted


@pytest.mark.parametrize(
    ("release_named", "doubt"),
    [
        ("PAY-2026.014", "It names PAY-2026.014, which is waiting for approval."),
        ("PAY-2026.999", "It names PAY-2026.999, which is no release of this service."),
    ],
)
def test_a_release_that_is_named_in_error_is_not_replaced_by_a_guess(release_named: str, doubt: str) -> None:
    found = match(replace(REPORT, release=release_named), MORNING, [release(state="requested"), DEPLOYING])
    assert (found.release, found.doubt) == (None, doubt)


def test_a_bare_number_in_a_text_names_no_release() -> None:
    found = match(replace(REPORT, mentions=("Fix 18 typos",)), MORNING, [replace(LATER, identifier="18")])
    assert found.release is None


def test_the_longest_identifier_that_is_named_counts() -> None:
    short = replace(LATER, id=1, identifier="Package 9")
    long = replace(LATER, id=2, identifier="Package 9 v2.0")
    found = match(replace(REPORT, mentions=("deploy package-9-v2.0",)), MORNING, [short, long])
    assert found.release == long


@pytest.mark.parametrize(
    ("kind", "name", "environments", "key", "why"),
    [
        ("repository", "codertocat/hello-world", ("Production",), "PAY", ""),
        ("repository", "Codertocat/Hello-World", ("other", "staging"), "PAY", ""),
        ("repository", "Codertocat/Hello-World", ("test",), None, "test is no production environment of PAY."),
        ("repository", "acme/x", ("production",), None, "No service has the repository acme/x among"),
        ("application", "guestbook", (), "PAY", ""),
        ("application", "other", (), None, "No service has the application other among"),
        ("service", "WEB", ("prod",), "WEB", ""),
        ("service", "WEB", ("staging",), None, "staging is no production environment of WEB."),
        ("service", "HR", ("prod",), None, "The catalog has no service with the key HR."),
    ],
)  # fmt: skip
def test_the_catalog_says_whose_production_it_is(
    kind: Any, name: str, environments: tuple[str, ...], key: str | None, why: str
) -> None:
    catalog = Catalog.model_validate(reporting_document())
    place = production_of(catalog, replace(REPORT, source=ReportSource(kind, name), environments=environments))
    assert (place.service.key if place.service else None) == key
    assert place.why.startswith(why)
    assert place.unknown == (key is None and "no production" not in why)


def test_a_shared_repository_is_told_apart_by_its_environments() -> None:
    document = example_document()
    for service, production in zip(document["services"], ("pay-live", "web-live"), strict=True):
        service["deployments"] = {"repositories": ["acme/all"], "production": [production]}
    catalog = Catalog.model_validate(document)
    report = replace(REPORT, source=ReportSource("repository", "acme/all"), environments=("web-live",))
    found = production_of(catalog, report).service
    assert found is not None
    assert found.key == "WEB"
