import pytest

from models.errors import Invalid
from models.events import Actor
from models.lifecycle.release_choices import releases_like
from models.support import queries
from models.support.arguments import KnownErrorArguments, parse_known_error_arguments
from models.support.forms import KnownErrorForm
from models.support.links import link_incident
from models.support.recording import record_known_error
from models.support.resolve import change_workaround, resolve_known_error
from models.support.search import search
from tests.factories import make_known_error, make_release

pytestmark = pytest.mark.usefixtures("people", "catalog")

ANN = Actor(person="U0ANN", surface="modal")


async def record(work, title, symptom="Something is wrong", **fields) -> None:
    form = KnownErrorForm(title=title, service=fields.pop("service", "PAY"), symptom=symptom, **fields)
    await record_known_error(work, ANN, form, title + symptom)


async def find(work, words, limit=5):
    async with work.reporting() as snapshot:
        return await search(snapshot.session, await snapshot.catalog(), words, limit)


async def titles(work, words, limit=5) -> list[str]:
    return [one.title for one in (await find(work, words, limit)).known_errors]


async def test_all_words_have_to_occur_wherever_they_stand(work):
    await record(work, "Refund shows twice")
    await record(work, "Refund is late", "The customer calls twice")
    await record(work, "Login is slow")
    assert await titles(work, "refund twice") == ["Refund shows twice", "Refund is late"]
    assert await titles(work, "TWICE customer") == ["Refund is late"]


async def test_the_beginning_of_a_word_is_enough_and_its_middle_is_not(work):
    await record(work, "Refund shows twice")
    assert await titles(work, "refu") == ["Refund shows twice"]
    assert await titles(work, "fund") == []


async def test_a_whole_word_of_the_title_counts_most(work):
    await record(work, "Statement", "A refund is missing")
    await record(work, "Refunds time out")
    await record(work, "Refund shows twice")
    await record(work, "Ledger", "Two refunds")
    assert await titles(work, "refund") == [
        "Refund shows twice",
        "Refunds time out",
        "Statement",
        "Ledger",
    ]


async def test_resolved_ones_come_last_and_of_equals_the_one_with_the_most_incidents_first(work):
    for number in range(1, 4):
        await record(work, f"Refund {number}")
    await resolve_known_error(work, ANN, 3, "")
    await link_incident(work, ANN, "INC1", [1])
    assert await titles(work, "refund") == ["Refund 1", "Refund 2", "Refund 3"]


async def test_what_people_type_is_literal_and_never_a_pattern(work):
    await record(work, "Discount of 100% shows")
    await record(work, "Table pay_log is full")
    await record(work, "Table payslog is full")
    assert await titles(work, "100%") == ["Discount of 100% shows"]
    assert await titles(work, "pay_log") == ["Table pay_log is full"]
    assert await titles(work, "x% _") == []
    with pytest.raises(Invalid, match="Say what to look for"):
        await find(work, " %_%' -- ")


async def test_accents_and_case_do_not_matter_and_scripts_without_spaces_are_searched_within(work):
    await record(work, "R\u00dcCKERSTATTUNG doppelt")
    await record(work, "\u8fd4\u91d1\u304c\u4e8c\u91cd\u306b\u8868\u793a")
    assert await titles(work, "ruckerst") == ["R\u00dcCKERSTATTUNG doppelt"]
    assert await titles(work, "r\u00fcckerstattung") == ["R\u00dcCKERSTATTUNG doppelt"]
    assert await titles(work, "\u4e8c\u91cd") == ["\u8fd4\u91d1\u304c\u4e8c\u91cd\u306b\u8868\u793a"]


async def test_workaround_item_service_and_release_are_searched_too(work):
    release = await make_release(work, identifier="PAY-2026.014")
    await record(work, "One", workaround="Reload the page")
    await record(work, "Two", "pay-api is down")
    await record(work, "Three", service="WEB", release_id=release.id)
    assert await titles(work, "reload") == ["One"]
    assert await titles(work, "payments api") == ["Two"]
    assert await titles(work, "pay-2026.014") == ["Three"]
    assert await titles(work, "web shop") == ["Three"]


async def test_a_changed_workaround_is_found_by_its_new_words(work):
    await record(work, "One", workaround="Reload the page")
    await change_workaround(work, ANN, 1, "Restart the browser")
    assert await titles(work, "restart") == ["One"]
    assert await titles(work, "reload") == []


async def test_where_nothing_has_all_words_those_with_some_are_given_and_that_is_said(work):
    await record(work, "Refund shows twice")
    await record(work, "Refund of a gift card")
    found = await find(work, "refund gift nonsense")
    assert not found.all_words
    assert [one.title for one in found.known_errors] == ["Refund of a gift card", "Refund shows twice"]
    assert (await find(work, "nonsense rubbish")).known_errors == ()


async def test_no_more_than_asked_are_given_and_that_there_are_more_is_said(work):
    for number in range(4):
        await record(work, f"Refund {number}")
    found = await find(work, "refund", limit=3)
    assert (len(found.known_errors), found.more) == (3, True)
    assert not (await find(work, "refund", limit=4)).more


async def test_a_list_shows_what_is_unresolved_the_latest_first(work, catalog):
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
            typed: [one.identifier for one in await releases_like(session, "PAY", typed)]
            for typed in ("", "2026.014", "CARD", "%", "basket")
        }
        assert len(await releases_like(session, "", "")) == 3
    assert found == {
        "": ["PAY-2026.015", "PAY-2026.014"],
        "2026.014": ["PAY-2026.014"],
        "CARD": ["PAY-2026.014"],
        "%": ["PAY-2026.015"],
        "basket": [],
    }
