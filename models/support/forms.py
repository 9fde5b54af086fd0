"""Checking the form of a known error; each problem is a sentence under its field."""

from dataclasses import dataclass

from models.catalog.document import Catalog, Service
from models.errors import Invalid
from models.limits import TEXT_LIMIT, TITLE_LIMIT
from models.text import clean, text_problem

SEVERITIES = ("critical", "high", "medium", "low")
"""Worst first."""

UNDER_INVESTIGATION = "under_investigation"

ACCEPTED = "accepted"

RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownErrorForm:
    """``release_id`` is the release it was found in, ``test_id`` the failed test that it explains."""

    title: str
    service: str
    symptom: str
    workaround: str = ""
    severity: str = "medium"
    release_id: int | None = None
    test_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedForm:
    """A valid form; texts are cleaned and trimmed."""

    title: str
    service: Service
    symptom: str
    workaround: str
    severity: str
    release_id: int | None


def check_known_error(form: KnownErrorForm, catalog: Catalog) -> CheckedForm:
    """Raises :class:`~models.errors.Invalid` with every field that is wrong."""
    service = catalog.by_key.get(form.service)
    problems = {
        "title": text_problem(form.title, TITLE_LIMIT, "Say in a few words what goes wrong."),
        "service": "" if service else _no_service(form.service, catalog),
        "symptom": text_problem(form.symptom, TEXT_LIMIT, "Say what people see when it happens."),
        "workaround": text_problem(form.workaround, TEXT_LIMIT),
        "severity": "" if form.severity in SEVERITIES else f"Choose {', '.join(SEVERITIES[:-1])} or low.",
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or service is None:
        raise Invalid(wrong)
    return CheckedForm(
        title=" ".join(clean(form.title).split()),
        service=service,
        symptom=clean(form.symptom),
        workaround=clean(form.workaround),
        severity=form.severity,
        release_id=form.release_id,
    )


def status_with(workaround: str) -> str:
    """The status of an unresolved known error (docs/process.md#known-errors)."""
    return ACCEPTED if workaround else UNDER_INVESTIGATION


def _no_service(key: str, catalog: Catalog) -> str:
    if not catalog.services:
        return "No service is set up yet. Apply a catalog with: releasedesk catalog apply FILE."
    keys = sorted(catalog.by_key)[:10]
    return f"{key!r} is not a service of the catalog. Choose {', '.join(keys)}." if key else "Choose a service."
