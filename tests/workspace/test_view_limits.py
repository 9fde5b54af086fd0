"""Every rule of modals and Home from both sides."""

import pytest

from bot.workspace.blockkit.messages_and_views import view_problems
from tests.workspace.block_builders import Json, button, input_block, modal, option, options, pie, plain, table

VIEWS: list[tuple[str, Json, Json]] = [
    ("100 blocks", modal(*[{"type": "divider"}] * 100), modal(*[{"type": "divider"}] * 101)),
    ("title 24", modal(title=plain(24)), modal(title=plain(25))),
    ("submit 24", modal(submit=plain(24)), modal(submit=plain(25))),
    ("close 24", modal(close=plain(24)), modal(close=plain(25))),
    ("private_metadata 3000", modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001)),
    ("callback_id 255", modal(callback_id="x" * 255), modal(callback_id="x" * 256)),
    ("label 2000", modal(input_block(label=plain(2000))), modal(input_block(label=plain(2001)))),
    ("hint 2000", modal(input_block(hint=plain(2000))), modal(input_block(hint=plain(2001)))),
    (
        "max_length 3000",
        modal(input_block({"type": "plain_text_input", "max_length": 3000})),
        modal(input_block({"type": "plain_text_input", "max_length": 3001})),
    ),
    (
        "initial value 3000",
        modal(input_block({"type": "plain_text_input", "initial_value": "x" * 3000})),
        modal(input_block({"type": "plain_text_input", "initial_value": "x" * 3001})),
    ),
    (
        "min_length below max_length",
        modal(input_block({"type": "plain_text_input", "min_length": 2, "max_length": 2})),
        modal(input_block({"type": "plain_text_input", "min_length": 3, "max_length": 2})),
    ),
    (
        "one focus",
        modal(input_block({"type": "plain_text_input", "focus_on_load": True})),
        modal(*[input_block({"type": "plain_text_input", "focus_on_load": True})] * 2),
    ),
    ("alert 200", modal({"type": "alert", "text": plain(200)}), modal({"type": "alert", "text": plain(201)})),
    ("inputs need submit", modal(input_block()), {k: v for k, v in modal(input_block()).items() if k != "submit"}),
    ("title", modal(), {k: v for k, v in modal().items() if k != "title"}),
    ("no chart", modal({"type": "divider"}), modal(pie(1))),
    ("no button as input", modal(input_block()), modal(input_block(button()))),
    ("no unknown field", modal(notify_on_close=True), modal(colour="red")),
    (
        "a number says whether decimal",
        modal(input_block({"type": "number_input", "is_decimal_allowed": True})),
        modal(input_block({"type": "number_input"})),
    ),
    (
        "block_ids once",
        modal(input_block(block_id="a"), input_block(block_id="b")),
        modal(*[input_block(block_id="a")] * 2),
    ),
]


@pytest.mark.parametrize(("name", "fits", "too_much"), VIEWS, ids=[one[0] for one in VIEWS])
def test_a_rule_of_modals_holds_from_both_sides(name: str, fits: Json, too_much: Json) -> None:
    assert view_problems(fits, "modal") == []
    assert view_problems(too_much, "modal") != []


def test_a_home_takes_inputs_and_a_table_but_no_title() -> None:
    home = {"type": "home", "blocks": [input_block(), table(1, 1)]}
    assert view_problems(home, "home") == []
    assert view_problems({**home, "title": plain()}, "home") != []
    assert view_problems(home, "modal") != []


def test_every_element_passes_where_it_belongs() -> None:
    elements = [
        *({"type": kind} for kind in ("plain_text_input", "email_text_input", "url_text_input", "rich_text_input")),
        *({"type": kind} for kind in ("datepicker", "timepicker", "datetimepicker", "external_select")),
        *(
            {"type": f"{many}{kind}_select"}
            for many in ("", "multi_")
            for kind in ("users", "channels", "conversations")
        ),
        *({"type": kind, "options": options(2)} for kind in ("static_select", "multi_static_select", "checkboxes")),
        {"type": "multi_external_select", "min_query_length": 0, "max_selected_items": 3},
        {"type": "radio_buttons", "options": options(2), "initial_option": option(1)},
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
    ]
    assert view_problems(modal(*map(input_block, elements)), "modal") == []
