"""What follows ``/release freeze``."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from models.catalog.document import Catalog
from models.errors import Invalid
from models.freezes.arguments import frozen_service, parse_freeze
from tests.conftest import MORNING, example_document

EXAMPLE = Catalog.model_validate(example_document())

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(text: str, channel: str = "C0PAY"):
    found = parse_freeze(text, EXAMPLE, channel, MORNING, AMSTERDAM)
    return found.service, (found.until - MORNING) / timedelta(hours=1), found.reason


@pytest.mark.parametrize(
    ("text", "service", "hours", "reason"),
    [
        ("PAY until 18:00 Sale weekend", "PAY", 8, "Sale weekend"),
        ("pay until tomorrow 18:00 - Sale", "PAY", 32, "Sale"),
        ("Web shop until 4h wait until the sale is over", "WEB", 4, "wait until the sale is over"),
        ("all until 2d Audit", "", 48, "Audit"),
        ("All for 4 hours Audit", "", 4, "Audit"),
        ("until 18:00 Sale", "PAY", 8, "Sale"),
        ("PAY for 4h we wait until they are done", "PAY", 4, "we wait until they are done"),
    ],
)
def test_it_is_read_as_people_type_it(text, service, hours, reason):
    assert read(text) == (service, hours, reason)


@pytest.mark.parametrize(
    ("text", "fields", "says"),
    [
        ("PAY", ["until"], "Say until when"),
        ("PAYY until 18:00 Sale", ["service"], "No service is called 'PAYY'"),
        ("PAY until soon", ["until"], "'soon' is no moment"),
        ("PAY until today 09:00 Sale", ["until"], "has passed"),
        ("PAY until 2028-01-01 09:00 Sale", ["until"], "a year at most"),
        ("PAY until 18:00", ["reason"], "Say why"),
        (f"PAY until 18:00 {'x' * 301}", ["reason"], "300 is the most"),
        ("PAYY until today 09:00", ["service", "until", "reason"], "Say why"),
    ],
)
def test_all_that_is_wrong_is_said_at_once(text, fields, says):
    with pytest.raises(Invalid, match=says) as wrong:
        read(text)
    assert list(wrong.value.problems) == fields


def test_outside_a_services_channel_it_has_to_be_named():
    with pytest.raises(Invalid, match="Say which service, or `all`"):
        read("until 18:00 Sale", channel="C0ELSEWHERE")
    assert frozen_service("all", EXAMPLE, "C0PAY") == ""
    assert frozen_service("", EXAMPLE, "C0PAY") == "PAY"
