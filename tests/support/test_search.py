"""Finding known errors by words, the same on both databases."""

import pytest

from models.errors import Invalid
from models.events import Actor
from models.support import queries
from models.support.arguments import KnownErrorArguments, parse_known_error_arguments
from models.support.forms import KnownErrorForm
from models.support.links import link_incident
from models.support.record import record_known_error
from models.support.resolve import change_workaround, resolve_known_error
from models.support.search import search
from tests.factories import make_known_error, make_release

pytestmark = pytest.mark.usefixtures("people", "catalog")

ANN = Actor(person="U0ANN", surface="modal")


async def record(work, catalogs, title, symptom="Something is wrong", **fields) -> None:
    form = KnownErrorForm(title=title, service=fields.pop("service", "PAY"), symptom=symptom, **fields)
    await record_known_error(work, catalogs, ANN, form, title + symptom)


async def find(work, catalogs, words, limit=5):
    async with work.database.reporting() as session:
        return await search(session, await catalogs.current(session), words, limit)


async def titles(work, catalogs, words, limit=5) -> list[str]:
    return [one.title for one in (await find(work, catalogs, words, limit)).known_errors]


async def test_all_words_have_to_occur_wherever_they_stand(work, catalogs):
    await record(work, catalogs, "Refund shows twice")
    await record(work, catalogs, "Refund is late", "The customer calls twice")
    await record(work, catalogs, "Login is slow")
    assert await titles(work, catalogs, "refund twice") == ["Refund shows twice", "Refund is late"]
    assert await titles(work, catalogs, "TWICE customer") == ["Refund is late"]


async def test_the_beginning_of_a_word_is_enough_and_its_middle_is_not(work, catalogs):
    await record(work, catalogs, "Refund shows twice")
    assert await titles(work, catalogs, "refu") == ["Refund shows twice"]
    assert await titles(work, catalogs, "fund") == []


async def test_a_whole_word_of_the_title_counts_most(work, catalogs):
    await record(work, catalogs, "Statement", "A refund is missing")
    await record(work, catalogs, "Refunds time out")
    await record(work, catalogs, "Refund shows twice")
    await record(work, catalogs, "Ledger", "Two refunds")
    assert await titles(work, catalogs, "refund") == [
        "Refund shows twice",
        "Refunds time out",
        "Statement",
        "Ledger",
    ]


async def test_resolved_ones_come_last_and_of_equals_the_one_with_the_most_incidents_first(work, catalogs):
    for number in range(1, 4):
        await record(work, catalogs, f"Refund {number}")
    await resolve_known_error(work, catalogs, ANN, 3, "")
    await link_incident(work, ANN, "INC1", [1])
    assert await titles(work, catalogs, "refund") == ["Refund 1", "Refund 2", "Refund 3"]


async def test_what_people_type_is_literal_and_never_a_pattern(work, catalogs):
    await record(work, catalogs, "Discount of 100% shows")
    await record(work, catalogs, "Table pay_log is full")
    await record(work, catalogs, "Table payslog is full")
    assert await titles(work, catalogs, "100%") == ["Discount of 100% shows"]
    assert await titles(work, catalogs, "pay_log") == ["Table pay_log is full"]
    assert await titles(work, catalogs, "x% _") == []
    with pytest.raises(Invalid, match="Say what to look for"):
        await find(work, catalogs, " %_%' -- ")


async def test_accents_and_case_do_not_matter_and_scripts_without_spaces_are_searched_within(work, catalogs):
    await record(work, catalogs, "R\u00dcCKERSTATTUNG doppelt")
    await record(work, catalogs, "\u8fd4\u91d1\u304c\u4e8c\u91cd\u306b\u8868\u793a")
    assert await titles(work, catalogs, "ruckerst") == ["R\u00dcCKERSTATTUNG doppelt"]
    assert await titles(work, catalogs, "r\u00fcckerstattung") == ["R\u00dcCKERSTATTUNG doppelt"]
    assert await titles(work, catalogs, "\u4e8c\u91cd") == ["\u8fd4\u91d1\u304c\u4e8c\u91cd\u306b\u8868\u793a"]


async def test_workaround_item_service_and_release_are_searched_too(work, catalogs):
    release = await make_release(work, identifier="PAY-2026.014")
    await record(work, catalogs, "One", workaround="Reload the page")
    await record(work, catalogs, "Two", "pay-api is down")
    await record(work, catalogs, "Three", service="WEB", release_id=release.id)
    assert await titles(work, catalogs, "reload") == ["One"]
    assert await titles(work, catalogs, "payments api") == ["Two"]
    assert await titles(work, catalogs, "pay-2026.014") == ["Three"]
    assert await titles(work, catalogs, "web shop") == ["Three"]


async def test_a_changed_workaround_is_found_by_its_new_words(work, catalogs):
    await record(work, catalogs, "One", workaround="Reload the page")
    await change_workaround(work, catalogs, ANN, 1, "Restart the browser")
    assert await titles(work, catalogs, "restart") == ["One"]
    assert await titles(work, catalogs, "reload") == []


async def test_where_nothing_has_all_words_those_with_some_are_given_and_that_is_said(work, catalogs):
    await record(work, catalogs, "Refund shows twice")
    await record(work, catalogs, "Refund of a gift card")
    found = await find(work, catalogs, "refund gift nonsense")
    assert not found.all_words
    assert [one.title for one in found.known_errors] == ["Refund of a gift card", "Refund shows twice"]
    assert (await find(work, catalogs, "nonsense rubbish")).known_errors == ()


async def test_no_more_than_asked_are_given_and_that_there_are_more_is_said(work, catalogs):
    for number in range(4):
        await record(work, catalogs, f"Refund {number}")
    found = await find(work, catalogs, "refund", limit=3)
    assert (len(found.known_errors), found.more) == (3, True)
    assert not (await find(work, catalogs, "refund", limit=4)).more


async def test_a_list_shows_what_is_unresolved_the_latest_first(work, catalogs, catalog):
    await make_known_error(work, "A")
    await make_known_error(work, "B", status="resolved")
    await make_known_error(work, "C", service="WEB")
    async with work.database.reading() as session:
        everything = await queries.list_known_errors(session, catalog, service="", resolved=False, limit=9)
        resolved = await queries.list_known_errors(session, catalog, service="PAY", resolved=True, limit=9)
    assert [one.title for one in everything] == ["C", "A"]
    assert [one.title for one in resolved] == ["B"]


def test_a_list_is_asked_for_in_any_order(catalog):
    assert parse_known_error_arguments("resolved pay", catalog) == KnownErrorArguments("PAY", resolved=True)
    assert parse_known_error_arguments("", catalog) == KnownErrorArguments()
    with pytest.raises(Invalid, match="PAY, WEB"):
        parse_known_error_arguments("nope", catalog)


async def test_releases_are_offered_by_identifier_and_title_with_wildcards_literal(work):
    await make_release(work, identifier="PAY-2026.014", title="Card payments")
    await make_release(work, identifier="PAY-2026.015", title="100% refunds")
    await make_release(work, identifier="WEB-1", service="WEB", title="Basket")
    async with work.database.reading() as session:
        found = {
            typed: [one.identifier for one in await queries.releases_like(session, "PAY", typed)]
            for typed in ("", "2026.014", "CARD", "%", "basket")
        }
        assert len(await queries.releases_like(session, "", "")) == 3
    assert found == {
        "": ["PAY-2026.015", "PAY-2026.014"],
        "2026.014": ["PAY-2026.014"],
        "CARD": ["PAY-2026.014"],
        "%": ["PAY-2026.015"],
        "basket": [],
    }
