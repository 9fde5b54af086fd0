from dataclasses import replace
from datetime import timedelta

import pytest

from messages.support import incidents, known_error_forms, known_errors
from models.catalog.document import Catalog
from models.lifecycle.release_choices import ReleaseChoice
from models.support.links import LinkResult
from models.support.records import IncidentLine, IncidentRecord, KnownErrorRecord, SearchResult
from tests.conftest import MORNING, example_document
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

KNOWN_ERROR = KnownErrorRecord(
    id=12,
    number="KE-12",
    origin="",
    title="Refund shows twice",
    service="Payments",
    ci="pay-api",
    symptom="Two lines for one refund",
    workaround="Reload the statement; the second line disappears.",
    severity="medium",
    status="accepted",
    release="PAY-2026.014",
    live=True,
    recorded_by="Ann",
    recorded_at=MORNING,
    resolved_by="",
    resolved_at=None,
    solution="",
    incident_count=9,
)

INCIDENT = IncidentRecord(
    number="INC0000045",
    opened_at=MORNING,
    resolved_at=None,
    closed_at=None,
    state="New",
    priority=3,
    ci="",
    service="Payments",
    symptom="Symptom 72",
    change="",
    caused_by="",
    known_errors=(KNOWN_ERROR,),
)


def hostile(title: str = HOSTILE, text: str = LONG) -> KnownErrorRecord:
    return replace(
        KNOWN_ERROR,
        title=title[:150],
        service=title[:75],
        ci=title[:255],
        symptom=text[:3000],
        workaround=text[:3000],
        solution=text[:3000],
        release=title[:75],
        recorded_by=title,
        resolved_by=title,
        resolved_at=MORNING,
        origin=title[:40],
        incident_count=123_456,
        incidents=tuple(IncidentLine(title[:40], MORNING, text) for _ in range(10)),
    )


def shown_text(payload: object) -> str:
    """All texts of ``payload``, in reading order."""
    if isinstance(payload, dict):
        own = payload["text"] if isinstance(payload.get("text"), str) else ""
        return own + "".join(shown_text(value) for value in payload.values() if not isinstance(value, str))
    return "".join(shown_text(one) for one in payload) if isinstance(payload, list) else ""


def acting(payload: object) -> list[str]:
    """The active markup in ``payload``, except the dates that the messages put there."""
    own = f"<!date^{int(MORNING.timestamp())}^"
    return [found for found in active_markup(payload) if not found.startswith(own)]


def action_ids(blocks: list) -> list[str]:
    return [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


@pytest.mark.parametrize("status", ["under_investigation", "accepted", "resolved"])
@pytest.mark.parametrize("text", [HOSTILE, LONG, "", "x" * 10_000, "\u202e", "&" * 3000])
def test_what_people_typed_never_acts_and_never_breaks_a_limit(status, text):
    one = replace(hostile(text=text or ""), status=status)
    messages = [
        known_errors.render(one),
        known_errors.known_error_shown(one, known_errors.news("resolved", one.number, one.title)),
        known_errors.search_results(SearchResult(LONG, (one,) * 1, more=True)),
        known_errors.search_results(
            SearchResult(LONG, tuple(replace(one, id=n) for n in range(5)), more=True, all_words=False)
        ),
        known_errors.search_results(SearchResult(LONG, (), more=False)),
        known_errors.known_error_list([one] * 20, "Unresolved known errors", more=True),
        incidents.incident_shown(
            replace(
                INCIDENT,
                symptom=text,
                service=HOSTILE[:75],
                ci=HOSTILE,
                change=HOSTILE[:40],
                caused_by=HOSTILE[:40],
                state=HOSTILE[:40],
                known_errors=tuple(replace(one, id=n) for n in range(10)),
            )
        ),
    ]
    for message in messages:
        assert_valid_message(message)
        assert acting(message) == []
    for view in (
        known_errors.details(one),
        known_error_forms.workaround_form(12, one.title, one.workaround),
        known_error_forms.resolve_form(999_999_999, one.title),
        known_error_forms.link_form(12),
        incidents.incident_link_form(HOSTILE[:40]),
    ):
        assert_valid_view(view)
        assert acting(view) == []


def test_first_line_reads_what_to_do_at_once():
    message = known_errors.search_results(SearchResult("refund twice", (KNOWN_ERROR,), more=False))
    result = shown_text(message.blocks[1])
    assert result == (
        "KE-12 Refund shows twice - Payments - accepted - 9 incidents"
        "Do this: Reload the statement; the second line disappears."
    )
    assert action_ids(message.blocks) == [known_errors.LINK, known_errors.OPEN]
    assert message.text == '1 known error about "refund twice":'


def test_a_search_without_result_offers_to_record_it_with_the_words():
    message = known_errors.search_results(SearchResult("refund twice", (), more=False))
    assert action_ids(message.blocks) == [known_errors.RECORD]
    assert '"t":"refund twice"' in message.blocks[1]["elements"][0]["value"]


def test_a_resolved_known_error_shows_how_it_was_solved_and_can_only_be_reopened():
    one = replace(KNOWN_ERROR, status="resolved", solution="Fixed in 9.3", resolved_at=MORNING, resolved_by="Pia")
    message = known_errors.render(one)
    assert "Solved: Fixed in 9.3" in shown_text(message.blocks)
    assert action_ids(message.blocks) == [known_errors.REOPEN, known_errors.OPEN]


def test_one_found_in_a_release_says_when_that_is_not_deployed_yet():
    assert "which is not deployed yet" in shown_text(known_errors.render(replace(KNOWN_ERROR, live=False)).blocks)
    assert "not deployed" not in shown_text(known_errors.render(KNOWN_ERROR).blocks)


def test_an_empty_list_says_how_to_fill_it():
    message = known_errors.known_error_list([], "Unresolved known errors", more=False)
    assert "/known-error record" in message.text
    assert_valid_message(message)


def test_the_form_has_the_labels_that_people_know():
    view = known_error_forms.record_form(Catalog.model_validate(example_document()), {"title": "Refund"}, "nonce")
    assert_valid_view(view)
    assert view["title"]["text"] == "Record a known error"
    labels = [block["label"]["text"] for block in view["blocks"]]
    assert labels == ["Title", "Service", "Symptom", "Workaround", "Severity", "Found in release"]
    assert [block["optional"] for block in view["blocks"]] == [False, False, False, True, False, True]


def test_the_form_is_valid_with_hostile_text_with_many_services_and_with_none():
    document = example_document()
    service = document["services"][1]
    document["services"] = [
        {**service, "key": f"S{n}", "name": f"Service {n}", "depends_on": []} for n in range(150)
    ]
    document["digests"] = []
    many = Catalog.model_validate(document)
    for catalog, chosen in (
        (many, "S149"),
        (many, ""),
        (Catalog(), ""),
        (Catalog.model_validate(example_document()), "PAY"),
    ):
        view = known_error_forms.record_form(catalog, {"title": LONG, "symptom": LONG, "service": chosen}, "nonce")
        assert_valid_view(view)
        assert acting(view) == []
    assert len(known_error_forms.release_options([ReleaseChoice(n, "R", LONG) for n in range(150)])) == 100


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (LinkResult("INC45", ("KE-1", "KE-2"), ()), "INC45 is linked to KE-1, KE-2."),
        (LinkResult("INC45", (), ("KE-1",)), "INC45 was linked to KE-1 already."),
        (
            LinkResult("INC45", ("KE-1",), (), opened=True),
            "INC45 is linked to KE-1. INC45 was not known here; it is recorded as opened now.",
        ),
    ],
)
def test_linking_says_what_changed_and_what_was_so_already(result, text):
    message = incidents.linked(result)
    assert message.text == text
    assert_valid_message(message)


def test_unlinking_says_what_changed_and_what_was_never_linked():
    assert incidents.unlinked(LinkResult("INC45", ("KE-1",), ())).text == "INC45 is no longer linked to KE-1."
    assert incidents.unlinked(LinkResult("INC45", (), ("KE-2",))).text.startswith("INC45 was not linked to KE-2.")


@pytest.mark.parametrize(
    ("incident", "text"),
    [
        (
            replace(INCIDENT, known_errors=(), closed_at=MORNING, change="CHG1", caused_by="CHG2", ci="pay-api"),
            "INC0000045 (Payments, pay-api): opened MORNING, priority 3, closed MORNING. Its change is CHG1. "
            "It was caused by CHG2. No known error is linked to it yet: `/known-error search WORDS` finds one.",
        ),
        (
            replace(INCIDENT, priority=None, service="", resolved_at=MORNING + timedelta(0)),
            "INC0000045: opened MORNING, resolved MORNING. It is linked to 1 known error.",
        ),
        (INCIDENT, "INC0000045 (Payments): opened MORNING, priority 3, new. It is linked to 1 known error."),
    ],
)
def test_an_incident_is_told_in_sentences(incident, text):
    moment = f"<!date^{int(MORNING.timestamp())}^{{date_short_pretty}} at {{time}}|{MORNING:%Y-%m-%d %H:%M} UTC>"
    assert incidents.incident_shown(incident).text == text.replace("MORNING", moment)
