"""What an edit costs, and old and new in the thread: in Slack's limits, with nothing in it that acts."""

from datetime import timedelta

import pytest

from messages.releases.request import content_news
from messages.releases.request.edit_cost import cost_blocks
from messages.releases.request.form import Editing, edit_form
from models.catalog.document import Catalog
from models.releases.request.content_changes import ContentChange
from models.releases.request.records import ContentNews, EditCost
from tests.conftest import MORNING, example_document
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

CATALOG = Catalog.model_validate(example_document())


def window(hours: int) -> str:
    return f"{MORNING.isoformat()}/{(MORNING + timedelta(hours=hours)).isoformat()}"


EVERYTHING = (
    ContentChange("type", "type", "minor", "major"),
    ContentChange("window", "window", window(2), window(30)),
    ContentChange("changes", "changes", "CHG1, CHG2", ", ".join(f"CHG{n:07d}" for n in range(50))),
    *(
        ContentChange(field, field, LONG[:3000], LONG[::-1][:3000])
        for field in ("title", "description", "back_out_plan")
    ),
    *(ContentChange("package", f"package:{n}", HOSTILE, LONG[:800]) for n in range(300)),
)


def news(*changes: ContentChange, mentioned: tuple[str, ...] = ("U0OLGA", "S0TESTERS")) -> ContentNews:
    return ContentNews("PAY-1", HOSTILE[:150], mentioned, ("Rita", HOSTILE[:60]), ("Rita",), changes)


def test_old_and_new_are_told_in_a_valid_message():
    message = content_news.render(news(*EVERYTHING))
    assert_valid_message(message)
    assert set(active_markup(message)) == {"<@U0OLGA>", "<!subteam^S0TESTERS>"}
    assert "and 283 more" in str(message.blocks)


def test_many_people_are_counted():
    message = content_news.render(news(EVERYTHING[0], mentioned=tuple(f"U{n}" for n in range(30))))
    assert "and 10 more" in message.text
    assert_valid_message(message)


def test_it_says_who_changed_what_and_who_decides_no_more():
    told = ContentNews("PAY-1", "Card payments", ("U0OLGA",), ("Rita",), ("Rita",), EVERYTHING[:2])
    message = content_news.render(told)
    assert message.text == (
        "<@U0OLGA> Rita changed PAY-1 *Card payments* after it was decided on. Please decide again, on its card "
        "above. Rita can't decide on it any more."
    )
    assert "minor → major" in str(message.blocks)


@pytest.mark.parametrize(("changes", "words"), [(EVERYTHING[:1], "*."), ((), "* as it was.")])
def test_it_says_who_resubmitted_it(changes, words):
    told = ContentNews("PAY-1", "Card payments", ("U0OLGA",), ("Ann",), (), changes, resubmitted_by="Ann")
    assert content_news.render(told).text == (
        f"<@U0OLGA> Ann resubmitted PAY-1 *Card payments{words} Please decide again, on its card above."
    )


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Redeploy 9.1", "Redeploy 9.2", ("Redeploy 9.1", "Redeploy 9.2")),
        ("", "Redeploy 9.2", ("", "Redeploy 9.2")),
        ("aa", "aaa", ("aa", "aaa")),
        (
            f"{'one ' * 60}old{' two' * 60}",
            f"{'one ' * 60}new{' two' * 60}",
            (f"… {'one ' * 19}old{' two' * 19} …", f"… {'one ' * 19}new{' two' * 19} …"),
        ),
    ],
)
def test_of_a_long_text_only_what_differs_is_shown(before, after, shown):
    assert content_news.excerpts(before, after) == shown


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (
            EditCost(("Olga", "Rita"), approved=True, always=("type",), unless_spelling=("title",)),
            [
                "Olga and Rita approved this. A material change costs their approval",
                "Material: type; title, spelling",
            ],
        ),
        (EditCost(approved=True), ["takes it back to its approvers"]),
        (EditCost(author=True), ["You can't approve it yourself any more"]),
        (EditCost(author=True, refusal="Ask Ann."), ["⛔ Ask Ann. You can still move the window"]),
    ],
)
def test_the_form_says_what_saving_costs(cost, said):
    view = edit_form(CATALOG, {"service": "PAY"}, Editing(7, 1, "PAY-1", False, "mark", cost))
    assert_valid_view(view)
    for words in said:
        assert words in str(view["blocks"][:4])


def test_an_edit_that_costs_nobody_anything_says_nothing():
    cost = EditCost(always=("type",), unless_spelling=("title",))
    assert cost_blocks(cost) == []


def test_hostile_names_in_the_form_do_nothing():
    cost = EditCost((HOSTILE[:80],) * 20, always=("type",), author=True, refusal=HOSTILE)
    view = edit_form(CATALOG, {"service": "PAY"}, Editing(7, 1, HOSTILE[:80], False, "mark", cost))
    assert_valid_view(view)
    assert active_markup(view) == []
