"""Every limit of blocks from both sides: what just fits passes, one more is refused with its place."""

from typing import Any

import pytest

from bot.workspace.blockkit.messages_and_views import message_problems
from tests.workspace.block_builders import (
    Json,
    actions,
    bars,
    button,
    cell,
    confirm,
    data_table,
    line,
    markup,
    option,
    options,
    pie,
    plain,
    rich,
    section,
    series,
    table,
)

WEEKS = [f"W{number}" for number in range(21)]

FITS_AND_TOO_MUCH: list[tuple[str, list[Json], list[Json]]] = [
    ("50 blocks", [{"type": "divider"}] * 50, [{"type": "divider"}] * 51),
    ("section text 3000", [section(text=markup(3000))], [section(text=markup(3001))]),
    ("10 fields", [section(fields=[markup()] * 10)], [section(fields=[markup()] * 11)]),
    ("field 2000", [section(fields=[plain(2000)])], [section(fields=[plain(2001)])]),
    ("header 150", [{"type": "header", "text": plain(150)}], [{"type": "header", "text": plain(151)}]),
    (
        "10 in context",
        [{"type": "context", "elements": [markup()] * 10}],
        [{"type": "context", "elements": [markup()] * 11}],
    ),
    ("25 in actions", [actions(*map(button, range(25)))], [actions(*map(button, range(26)))]),
    ("button text 75", [actions(button(text=plain(75)))], [actions(button(text=plain(76)))]),
    ("button value 2000", [actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))]),
    ("action_id 255", [actions(button(action_id="x" * 255))], [actions(button(action_id="x" * 256))]),
    ("block_id 255", [{"type": "divider", "block_id": "x" * 255}], [{"type": "divider", "block_id": "x" * 256}]),
    (
        "confirm title 100",
        [actions(button(confirm=confirm(title=plain(100))))],
        [actions(button(confirm=confirm(title=plain(101))))],
    ),
    (
        "confirm text 300",
        [actions(button(confirm=confirm(text=markup(300))))],
        [actions(button(confirm=confirm(text=markup(301))))],
    ),
    (
        "confirm button 30",
        [actions(button(confirm=confirm(deny=plain(30))))],
        [actions(button(confirm=confirm(deny=plain(31))))],
    ),
    (
        "100 options",
        [actions({"type": "static_select", "options": options(100)})],
        [actions({"type": "static_select", "options": options(101)})],
    ),
    (
        "option text 75",
        [actions({"type": "static_select", "options": [option(text=75)]})],
        [actions({"type": "static_select", "options": [option(text=76)]})],
    ),
    (
        "option value 150",
        [actions({"type": "static_select", "options": [option(value=150)]})],
        [actions({"type": "static_select", "options": [option(value=151)]})],
    ),
    (
        "placeholder 150",
        [actions({"type": "users_select", "placeholder": plain(150)})],
        [actions({"type": "users_select", "placeholder": plain(151)})],
    ),
    (
        "overflow of 5",
        [actions({"type": "overflow", "options": options(5)})],
        [actions({"type": "overflow", "options": options(6)})],
    ),
    (
        "10 radio buttons",
        [actions({"type": "radio_buttons", "options": options(10)})],
        [actions({"type": "radio_buttons", "options": options(11)})],
    ),
    (
        "image alt text 2000",
        [{"type": "image", "image_url": "https://x.example/i.png", "alt_text": "x" * 2000}],
        [{"type": "image", "image_url": "https://x.example/i.png", "alt_text": "x" * 2001}],
    ),
    ("markdown 12000", [{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 12_001}]),
    (
        "markdown 12000 in all",
        [{"type": "markdown", "text": "x" * 6000}] * 2,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
    ),
    ("100 table rows", [table(100, 1)], [table(101, 1)]),
    ("20 table columns", [table(1, 20)], [table(1, 21)]),
    ("one table", [table(1, 1)], [table(1, 1), table(1, 1)]),
    ("101 data rows", [data_table([[cell()]] * 101)], [data_table([[cell()]] * 102)]),
    ("a header and a row", [data_table([[cell()]] * 2)], [data_table([[cell()]])]),
    ("20 data columns", [data_table([[cell()] * 20] * 2)], [data_table([[cell()] * 21] * 2)]),
    ("page of 100", [data_table([[cell()]] * 2, page_size=100)], [data_table([[cell()]] * 2, page_size=101)]),
    ("10000 in a table", [data_table([[cell("x" * 5000)]] * 2)], [data_table([[cell("x" * 5001)]] * 2)]),
    ("two charts", [pie(1)] * 2, [pie(1)] * 3),
    ("6 segments", [pie(6)], [pie(7)]),
    ("chart title 50", [pie(1, title="x" * 50)], [pie(1, title="x" * 51)]),
    ("chart label 20", [pie(1, label="x" * 20)], [pie(1, label="x" * 21)]),
    (
        "6 series",
        [bars([series(str(n), ["W1"]) for n in range(6)], ["W1"])],
        [bars([series(str(n), ["W1"]) for n in range(7)], ["W1"])],
    ),
    ("20 categories", [bars([series("a", WEEKS[:20])], WEEKS[:20])], [bars([series("a", WEEKS)], WEEKS)]),
    (
        "axis label 50",
        [bars([series("a", ["W"])], ["W"], x_label="x" * 50)],
        [bars([series("a", ["W"])], ["W"], x_label="x" * 51)],
    ),
    ("card body 200", [{"type": "card", "body": markup(200)}], [{"type": "card", "body": markup(201)}]),
    (
        "3 card actions",
        [{"type": "card", "actions": [button(n) for n in range(3)]}],
        [{"type": "card", "actions": [button(n) for n in range(4)]}],
    ),
    (
        "10 cards",
        [{"type": "carousel", "elements": [{"type": "card", "title": plain()}] * 10}],
        [{"type": "carousel", "elements": [{"type": "card", "title": plain()}] * 11}],
    ),
    (
        "10 children",
        [{"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}] * 10}],
        [{"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}] * 11}],
    ),
]


@pytest.mark.parametrize(("name", "fits", "too_much"), FITS_AND_TOO_MUCH, ids=[one[0] for one in FITS_AND_TOO_MUCH])
def test_a_limit_of_messages_holds_from_both_sides(name: str, fits: list[Json], too_much: list[Json]) -> None:
    assert message_problems(fits) == []
    assert message_problems(too_much) != []


WRONG: list[tuple[str, list[Any], str]] = [
    ("unknown block", [{"type": "banner"}], "/blocks/0/type"),
    ("no type", [{"text": plain()}], "/blocks/0"),
    ("not an object", ["hello"], "/blocks/0"),
    ("unknown field", [{"type": "divider", "colour": "red"}], "/blocks/0"),
    ("section of nothing", [section()], "/blocks/0"),
    ("empty text", [section(text=markup(0))], "/blocks/0/text/text"),
    ("text is no object", [section(text="hello")], "/blocks/0/text"),
    ("text of unknown type", [section(text={"type": "html", "text": "x"})], "/blocks/0/text/type"),
    ("mrkdwn in a header", [{"type": "header", "text": markup()}], "/blocks/0/text/type"),
    ("emoji in mrkdwn", [section(text={**markup(), "emoji": True})], "/blocks/0/text"),
    ("no fields", [section(fields=[])], "/blocks/0/fields"),
    ("empty actions", [actions()], "/blocks/0/elements"),
    ("image in actions", [actions({"type": "image"})], "/blocks/0/elements/0/type"),
    ("multi select in actions", [actions({"type": "multi_users_select"})], "/blocks/0/elements/0/type"),
    ("text input in actions", [actions({"type": "plain_text_input"})], "/blocks/0/elements/0/type"),
    ("button in context", [{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
    (
        "datetimepicker beside a section",
        [section(text=markup(), accessory={"type": "datetimepicker"})],
        "/blocks/0/accessory/type",
    ),
    ("unknown style", [actions(button(style="loud"))], "/blocks/0/elements/0/style"),
    ("empty button", [actions(button(text=plain(0)))], "/blocks/0/elements/0/text/text"),
    ("broken link", [actions(button(url="no link"))], "/blocks/0/elements/0/url"),
    ("select of nothing", [actions({"type": "static_select"})], "/blocks/0/elements/0"),
    ("overflow of one", [actions({"type": "overflow", "options": options(1)})], "/blocks/0/elements/0/options"),
    (
        "options and groups",
        [
            actions(
                {
                    "type": "static_select",
                    "options": options(1),
                    "option_groups": [{"label": plain(), "options": options(1)}],
                }
            )
        ],
        "/blocks/0/elements/0",
    ),
    (
        "initial option that is none",
        [actions({"type": "static_select", "options": options(1), "initial_option": option(7)})],
        "/blocks/0/elements/0/initial_option",
    ),
    (
        "31st of a long month",
        [actions({"type": "datepicker", "initial_date": "24.11.2026"})],
        "/blocks/0/elements/0/initial_date",
    ),
    ("25 o'clock", [actions({"type": "timepicker", "initial_time": "25:00"})], "/blocks/0/elements/0/initial_time"),
    (
        "moment as text",
        [actions({"type": "datetimepicker", "initial_date_time": "now"})],
        "/blocks/0/elements/0/initial_date_time",
    ),
    ("the same block_id", [{"type": "divider", "block_id": "a"}] * 2, "/blocks/1/block_id"),
    ("the same action_id in a block", [actions(button(1), button(1))], "/blocks/0"),
    (
        "input in a message",
        [{"type": "input", "label": plain(), "element": {"type": "plain_text_input"}}],
        "/blocks/0/type",
    ),
    ("alert in a message", [{"type": "alert", "text": plain()}], "/blocks/0/type"),
    ("image without a source", [{"type": "image", "alt_text": "x"}], "/blocks/0"),
    ("rows of unequal length", [data_table([[cell()] * 2, [cell()]])], "/blocks/0/rows"),
    ("no caption", [{"type": "data_table", "rows": [[cell()]] * 2}], "/blocks/0"),
    ("rich header", [data_table([[rich(line())], [cell()]])], "/blocks/0/rows/0/0/type"),
    (
        "number cell in a plain table",
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 1}]]}],
        "/blocks/0/rows/0/0/type",
    ),
    ("the same series twice", [bars([series("a", ["W"])] * 2, ["W"])], "/blocks/0/chart/series"),
    ("a point too few", [bars([series("a", ["W1"])], ["W1", "W2"])], "/blocks/0/chart/series/0/data"),
    ("infinite", [bars([series("a", ["W"], float("inf"))], ["W"])], "/blocks/0/chart/series/0/data/0/value"),
    ("not a number", [bars([series("a", ["W"], "3")], ["W"])], "/blocks/0/chart/series/0/data/0/value"),
    ("nothing of the pie", [pie(1, value=0)], "/blocks/0/chart/segments/0/value"),
    (
        "unknown chart",
        [{"type": "data_visualization", "title": "x", "chart": {"type": "radar"}}],
        "/blocks/0/chart/type",
    ),
    ("empty rich text", [rich(line({"type": "text", "text": ""}))], "/blocks/0/elements/0/elements/0/text"),
    ("unknown rich part", [rich({"type": "text", "text": "x"})], "/blocks/0/elements/0/type"),
    (
        "user in preformatted",
        [rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]})],
        "/blocks/0/elements/0/elements/0/type",
    ),
    ("empty card", [{"type": "card"}], "/blocks/0"),
    (
        "input in a container",
        [{"type": "container", "title": plain(), "child_blocks": [{"type": "input"}]}],
        "/blocks/0/child_blocks/0/type",
    ),
]


@pytest.mark.parametrize(("name", "blocks", "pointer"), WRONG, ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_refused_where_it_stands(name: str, blocks: list[Any], pointer: str) -> None:
    assert [one.pointer for one in message_problems(blocks)] == [pointer]


RIGHT: list[tuple[str, Json]] = [
    ("a plain number cell", data_table([[cell()], [{"type": "raw_number", "value": 1.5, "text": "1.5 h"}]])),
    ("a rich cell", data_table([[cell()], [rich(line({"type": "emoji", "name": "ok"}))]])),
    ("a line", {**bars([series("a", ["W"], -2)], ["W"]), "block_id": "chart"}),
    (
        "rich text of every kind",
        rich(
            line(
                {
                    "type": "text",
                    "text": "x",
                    "style": {"bold": True, "italic": True, "strike": True, "code": True},
                },
                {"type": "link", "url": "https://x.example", "text": "x"},
                {"type": "user", "user_id": "U1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "eyes"},
                {"type": "date", "timestamp": 1_800_000_000, "format": "{date}", "fallback": "then"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#ff0000"},
            ),
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line()]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}]},
            {"type": "rich_text_preformatted", "border": 1, "elements": [{"type": "text", "text": "x"}]},
        ),
    ),
    (
        "feedback",
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": plain(), "value": "1"},
                    "negative_button": {"text": plain(), "value": "0"},
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(("name", "block"), RIGHT, ids=[one[0] for one in RIGHT])
def test_what_is_right_passes(name: str, block: Json) -> None:
    assert message_problems([block]) == []
