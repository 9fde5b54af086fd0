import pytest

from models.catalog.document import ConfigurationItem
from models.limits import ITEMS_LIMIT
from models.packages.item_input import items_problem, read_items

OWN = [
    ConfigurationItem(key=key, kind="software", name=f"The {key}", version="1")
    for key in ("pay-api", "pay-db", "pay-runbook")
]

KNOWN = {item.key: item for item in [*OWN, ConfigurationItem(key="web", kind="software", name="Web", version="5")]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" , ;\n", []),
        ("pay-api 9.2.0", [("pay-api", "9.2.0")]),
        ("PAY-API  9.2.0 , web 6", [("pay-api", "9.2.0"), ("web", "6")]),
        ("pay-db 16 rc  1;pay-api 9", [("pay-db", "16 rc 1"), ("pay-api", "9")]),
        ("pay-api 9.2.0\npay-db 16", [("pay-api", "9.2.0"), ("pay-db", "16")]),
        ("pay-api", []),
        ("nothing 1, pay-db 16", [("pay-db", "16")]),
    ],
)
def test_a_key_and_a_version_each_are_read(text, found):
    assert [(node.key, node.version) for node in read_items(text, KNOWN)] == found


def test_an_item_has_the_catalogs_name_and_kind():
    (node,) = read_items("pay-api 9", KNOWN)
    assert (node.what, node.name, node.kind) == ("ci", "The pay-api", "software")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ""),
        ("web 6, pay-api 9.2.0", ""),
        ("pay-api", "Say which version of pay-api the release brings, as in pay-api 1.2.0."),
        (
            "pay-ap 9",
            "'pay-ap' is not a configuration item of the catalog. "
            "Those of the service are pay-api, pay-db, pay-runbook.",
        ),
        ("pay-api 9, PAY-API 9", "pay-api is there twice."),
        (f"web {'1' * 51}", "The version of web is 51 characters long; 50 is the most."),
        (
            "web, pay-api, pay-db, pay-runbook",
            "Say which version of web the release brings, as in web 1.2.0. "
            "Say which version of pay-api the release brings, as in pay-api 1.2.0. And 2 more.",
        ),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(text, problem):
    assert items_problem(text, KNOWN, OWN) == problem


def test_what_a_package_does_not_take_is_not_requested():
    many = {f"i{n}": ConfigurationItem(key=f"i{n}", kind="software", name="x", version="1") for n in range(301)}
    text = ",".join(f"{key} 1" for key in many)
    assert items_problem(text, many, ()) == f"These are 301 items; {ITEMS_LIMIT} is the most for one release."
