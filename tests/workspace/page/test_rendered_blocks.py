"""Blocks and elements as HTML: what they say, and how assistive technology and scripts find them."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.workspace.page.rendering.blocks import BLOCKS, block, blocks
from bot.workspace.page.rendering.elements import ELEMENTS
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.surface import Surface
from tests.workspace.page.conftest import input_block, mrkdwn, option, plain, surface

Json = dict[str, Any]
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("*Gone* <@U1>"), "confirm": plain("Yes"), "deny": plain("No")}


class Tags(HTMLParser):
    """Every opening tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """The only tag of this name with these attributes."""
        matching = [
            attributes
            for name, attributes in self.found
            if name == tag and all(attributes.get(key.replace("_", "-")) == value for key, value in wanted.items())
        ]
        assert len(matching) == 1, matching
        return matching[0]


def drawn(given: Json, reader: Reader, on: Surface | None = None) -> Tags:
    return Tags(block(given, on or surface(), reader))


def test_a_button_carries_its_ids_its_style_and_where_it_reports(reader: Reader) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go :rocket:"), "style": "primary", "value": "1"}
    shown = drawn({"type": "actions", "block_id": "row", "elements": [button]}, reader).one("button")
    assert (shown["data-block-id"], shown["data-action-id"]) == ("row", "go")
    assert shown["class"] == "btn btn-primary"
    assert shown["hx-post"] == "/as/U1/act/view/V1"
    assert json.loads(shown["hx-vals"] or "") == {"block_id": "row", "action_id": "go"}


def test_a_button_that_asks_first_names_the_dialog_it_asks_with(reader: Reader) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "confirm": CONFIRM}
    html = block({"type": "actions", "block_id": "row", "elements": [button]}, surface(), reader)
    tags = Tags(html)
    assert tags.one("button", data_action_id="go")["data-confirm"] == tags.one("template")["id"]
    assert tags.one("dialog")["aria-label"] == "Sure?"
    assert "<b>Gone</b>" in html


def test_a_button_opens_only_addresses_of_the_web(reader: Reader) -> None:
    for address, opened in (("https://a.example", "https://a.example"), ("javascript:alert(1)", None)):
        button = {"type": "button", "action_id": "go", "text": plain("Go"), "url": address}
        shown = drawn({"type": "actions", "block_id": "row", "elements": [button]}, reader).one("button")
        assert shown.get("data-opens") == opened


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("plain_text_input", "input"),
        ("number_input", "input"),
        ("email_text_input", "input"),
        ("url_text_input", "input"),
        ("datepicker", "input"),
        ("timepicker", "input"),
        ("datetimepicker", "input"),
        ("static_select", "select"),
        ("users_select", "select"),
        ("channels_select", "select"),
        ("conversations_select", "select"),
        ("rich_text_input", "textarea"),
    ],
)
def test_a_label_is_tied_to_its_field(reader: Reader, kind: str, tag: str) -> None:
    given = input_block({"type": kind, "options": [option("One")]}, hint=plain("A hint"))
    tags = drawn(given, reader, surface(errors={"b": "Not like this"}))
    field, label = tags.one(tag), tags.one("label")
    assert label["for"] == field["id"]
    assert field["aria-labelledby"] == label["id"]
    assert (field["aria-describedby"] or "").split() == [f"{field['id']}-hint", f"{field['id']}-error"]
    assert field["aria-invalid"] == "true"
    assert field["aria-required"] == "true"
    assert "hx-post" not in field, "an input says nothing before its modal is submitted"


@pytest.mark.parametrize(("kind", "role"), [("radio_buttons", "radiogroup"), ("checkboxes", "group")])
def test_a_set_of_ticks_is_a_group_under_its_label(reader: Reader, kind: str, role: str) -> None:
    tags = drawn(input_block({"type": kind, "options": [option("One"), option("Two")]}), reader)
    assert tags.one("div", role=role)["aria-labelledby"] == tags.one("span")["id"]
    boxes = [attributes["id"] for name, attributes in tags.found if name == "input"]
    labels = [attributes["for"] for name, attributes in tags.found if name == "label"]
    assert boxes == labels
    assert len(set(boxes)) == 2


def test_an_optional_input_says_so_beside_its_label(reader: Reader) -> None:
    html = block(input_block({"type": "plain_text_input"}, optional=True), surface(), reader)
    assert '>Title</label><span class="optional">(optional)</span>' in html
    assert "aria-required" not in html


ENTERED: list[tuple[Json, Json, str]] = [
    ({"type": "plain_text_input"}, {"value": 'a "b"'}, 'value="a &#34;b&#34;"'),
    ({"type": "plain_text_input", "multiline": True}, {"value": "a\n<b>"}, "a\n&lt;b&gt;</textarea>"),
    ({"type": "plain_text_input", "multiline": True}, {"value": "\na"}, ">\n\na</textarea>"),
    ({"type": "datepicker"}, {"selected_date": "2026-11-28"}, 'value="2026-11-28"'),
    ({"type": "datetimepicker"}, {"selected_date_time": 1795856400}, 'value="2026-11-28T10:00"'),
    (
        {"type": "users_select"},
        {"selected_user": "U2"},
        '<option value="U2" selected dir="auto">Bob &lt;b&gt;</option>',
    ),
    (
        {"type": "static_select", "options": [option("One"), option("Two")]},
        {"selected_option": option("Two")},
        '<option value="two" selected dir="auto">Two</option>',
    ),
    (
        {"type": "multi_external_select"},
        {"selected_options": [option("Pay-db", "ci-1")]},
        'value="[&#34;ci-1&#34;, &#34;Pay-db&#34;]"',
    ),
    ({"type": "multi_users_select"}, {"selected_users": ["U2"]}, "<bdi>Bob &lt;b&gt;</bdi>"),
    (
        {"type": "checkboxes", "options": [option("One"), option("Two")]},
        {"selected_options": [option("Two")]},
        'value="two" checked',
    ),
]


@pytest.mark.parametrize(("element", "value", "shown"), ENTERED)
def test_an_element_shows_what_was_entered(reader: Reader, element: Json, value: Json, shown: str) -> None:
    state = {"b": {"a": {"type": element["type"], **value}}}
    assert shown in block(input_block(element), surface(values=state), reader)


def test_an_element_begins_with_what_the_app_gives_it(reader: Reader) -> None:
    given = {"type": "datetimepicker", "initial_date_time": 1795856400}
    assert 'value="2026-11-28T10:00"' in block(input_block(given), surface(), reader)


def test_an_input_that_reports_does_it_as_the_app_wants(reader: Reader) -> None:
    typing = {
        "type": "plain_text_input",
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    for element, trigger in (
        ({"type": "static_select", "options": [option("One")]}, "change"),
        ({"type": "plain_text_input"}, "dispatch"),
        (typing, "input changed delay:400ms"),
    ):
        html = block(input_block(element, dispatch_action=True), surface(), reader)
        assert f'hx-trigger="{trigger}"' in html


def test_option_groups_stand_under_their_headings(reader: Reader) -> None:
    groups = [{"label": plain("Web & co"), "options": [option("Shop")]}]
    html = block(input_block({"type": "static_select", "option_groups": groups}), surface(), reader)
    assert '<optgroup label="Web &amp; co"><option value="shop" dir="auto">Shop</option></optgroup>' in html


def test_an_overflow_menu_sends_what_was_chosen(reader: Reader) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("Cancel it", "cancel")]}
    tags = drawn({"type": "section", "block_id": "s", "text": mrkdwn("x"), "accessory": menu}, reader)
    assert tags.one("button", aria_haspopup="menu")["aria-controls"] == tags.one("div", role="menu")["id"]
    choices = [json.loads(a["hx-vals"] or "")["choice"] for _, a in tags.found if a.get("role") == "menuitem"]
    assert choices == ["edit", "cancel"]


def test_every_id_on_a_page_is_different(reader: Reader) -> None:
    one = {"type": "button", "action_id": "a.b", "text": plain("x")}
    rows = [{"type": "actions", "block_id": name, "elements": [one]} for name in ("r-1", "r.1", "r_1", "r 1")]
    ids = [a["id"] for _, a in Tags(blocks(rows, surface(), reader)).found if "id" in a]
    assert len(set(ids)) == len(ids) == 4


def test_what_nobody_knows_is_shown_as_such(reader: Reader) -> None:
    assert "Unsupported block: &lt;x&gt;" in block({"type": "<x>"}, surface(), reader)
    row = {"type": "actions", "block_id": "r", "elements": [{"type": "lever", "action_id": "a"}]}
    assert "Unsupported element: lever" in block(row, surface(), reader)
    assert "Unsupported chart: radar" in block(
        {"type": "data_visualization", "chart": {"type": "radar"}}, surface(), reader
    )


SAMPLES: list[Json] = [
    {"type": "header", "text": plain("Head <b>")},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [mrkdwn("*x*"), {"type": "image", "image_url": "javascript:x", "alt_text": "Face"}],
    },
    {"type": "image", "image_url": "https://a.example/x.png", "alt_text": 'A "picture"', "title": plain("T")},
    {"type": "video", "title": plain("Film"), "video_url": "https://a.example/v"},
    {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]}]},
    {"type": "markdown", "text": "**b**"},
    {"type": "alert", "level": "warning", "text": mrkdwn("Mind *it*")},
    {
        "type": "card",
        "title": mrkdwn("*C*"),
        "body": mrkdwn("b"),
        "actions": [{"type": "button", "action_id": "c", "text": plain("Do")}],
    },
    {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("one")}]},
    {"type": "container", "title": plain("Box"), "is_collapsible": True, "child_blocks": [{"type": "divider"}]},
    {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "d"}],
    },
]


@pytest.mark.parametrize("given", SAMPLES, ids=lambda given: str(given["type"]))
def test_every_block_is_drawn_and_can_be_found(reader: Reader, given: Json) -> None:
    tags = drawn({"block_id": "b1", **given}, reader)
    assert tags.found[0][1]["data-block-id"] == "b1"
    assert "unsupported" not in str(tags.found)
    assert not any("javascript" in str(value) for _, attributes in tags.found for value in attributes.values())


def test_hostile_words_in_any_place_stay_words(reader: Reader) -> None:
    evil = '"><script>alert(1)</script>'
    element: Json = {
        "action_id": evil,
        "placeholder": plain(evil),
        "options": [option(evil, evil)],
        "text": plain(evil),
    }
    for kind in ELEMENTS:
        given = input_block({**element, "type": kind, "confirm": {**CONFIRM, "title": plain(evil)}}, label=evil)
        assert "<script" not in block(
            {**given, "block_id": evil, "hint": plain(evil)}, surface(errors={evil: evil}), reader
        )


def test_nothing_is_drawn_for_a_kind_without_a_test(reader: Reader) -> None:
    covered = {str(given["type"]) for given in SAMPLES}
    assert set(BLOCKS) - covered == {"section", "actions", "input", "table", "data_table", "data_visualization"}
