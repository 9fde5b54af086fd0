"""The lines about the differences between two catalogs."""
# ruff: noqa: E501 - a row of the table shows whole lines

from collections.abc import Callable
from typing import Any

import pytest

from models.catalog.differences import changed_services, differences
from models.catalog.document import Catalog
from tests.conftest import example_document

Change = Callable[[dict[str, Any]], object]


def pay(document: dict[str, Any]) -> dict[str, Any]:
    return document["services"][0]


def policy(document: dict[str, Any]) -> dict[str, Any]:
    return pay(document)["policy"]


def said(change: Change) -> list[str]:
    """The difference that ``change`` makes to the example."""
    document = example_document()
    change(document)
    return differences(Catalog.model_validate(example_document()), Catalog.model_validate(document))


NEW = {
    "key": "NEW",
    "name": "New",
    "channel": "C0NEW",
    "owner": "U0ANN",
    "policy": {"types": {"minor": {"approvals": {"owner": 1}}}},
}

CHANGES: list[tuple[Change, list[str]]] = [
    (lambda d: pay(d).update(name="Pay"), ["Service PAY, name: Payments -> Pay"]),
    (lambda d: d.update(timezone="UTC"), ["timezone: Europe/Amsterdam -> UTC"]),
    (lambda d: d["services"].append(NEW), ["Service NEW added"]),
    (lambda d: d["services"].pop(), ["Service WEB removed"]),
    (lambda d: d["services"].reverse(), ["services: the order changed"]),
    (lambda d: d["environments"].pop(1), ["Environment staging removed"]),
    (lambda d: d["digests"][0].update(at="08:00"), ["Digest in C0MGMT at 08:00 added", "Digest in C0MGMT at 09:00 removed"]),
    (lambda d: d["digests"][0].update(period="7d"), ["Digest in C0MGMT at 09:00, period: 30d -> 7d"]),
    (lambda d: d["digests"][0]["services"].pop(), ["Digest in C0MGMT at 09:00, services removed: WEB"]),
    (lambda d: pay(d)["roles"].update(test_manager=["U0SAM"]), ["Service PAY, roles.test_manager removed: U0TOM", "Service PAY, roles.test_manager added: U0SAM"]),
    (lambda d: pay(d)["roles"].pop("els_lead"), ["Service PAY, roles.els_lead removed: U0LENA"]),
    (lambda d: pay(d)["roles"].update(coach=["U0SAM", "U0ANN"]), ["Service PAY, roles.coach added: U0SAM, U0ANN"]),
    (lambda d: policy(d)["types"]["minor"].update(notice="5d"), ["Service PAY, policy.types.minor.notice: 3d -> 5d"]),
    (lambda d: policy(d)["types"]["major"]["approvals"].update(owner=2), ["Service PAY, policy.types.major.approvals.owner: 1 -> 2"]),
    (lambda d: policy(d)["types"].update(major=policy(d)["types"].pop("major")), ["Service PAY, policy.types: the order changed"]),
    (lambda d: policy(d)["types"].update(hot={"approvals": {"owner": 1}}), ["Service PAY, policy.types.hot added: notice 0d approvals owner 1"]),
    (lambda d: policy(d)["plan"][1].update(due="T-4d"), ["Service PAY, policy.plan, Train first line, due: T-5d -> T-4d"]),
    (lambda d: policy(d)["plan"][0].update(milestone=False), ["Service PAY, policy.plan, Announce the release to users, milestone: true -> false"]),
    (lambda d: policy(d)["plan"].pop(0), ["Service PAY, policy.plan, Announce the release to users removed"]),
    (lambda d: policy(d)["approval"].pop("expire_after"), ["Service PAY, policy.approval.expire_after removed: 5d"]),
    (lambda d: policy(d)["windows"][0].update(to="17:00"), ["Service PAY, policy.windows removed: days mon, tue, wed, thu from 09:00 to 16:00", "Service PAY, policy.windows added: days mon, tue, wed, thu from 09:00 to 17:00"]),
    (lambda d: policy(d)["freezes"][1].update(kind="hard"), ["Service PAY, policy.freezes, Month close, kind: soft -> hard"]),
    (lambda d: policy(d)["freezes"][1].update(name="Year end"), ["Service PAY, policy.freezes removed: name Month close kind soft every month days 28, 29, 30, 31", "Service PAY, policy.freezes added: name Year end kind soft every month days 28, 29, 30, 31"]),
    (lambda d: pay(d)["criteria"]["entry"].reverse(), ["Service PAY, criteria.entry: the order changed"]),
    (lambda d: pay(d)["criteria"]["entry"].append("x" * 200), [f"Service PAY, criteria.entry added: {'x' * 119}…"]),
    (lambda d: pay(d)["configuration_items"][0]["compatible_with"].update({"pay-db": ">=15"}), ["Service PAY, configuration_items, pay-api, compatible_with.pay-db: >=14,<16 -> >=15"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=[words[0] for _, words in CHANGES])
def test_a_change_is_said_in_words(change, words):
    assert said(change) == words


def test_the_same_catalog_differs_in_nothing():
    assert said(lambda document: None) == []


def test_writing_out_what_holds_anyway_is_no_difference():
    assert (
        said(lambda d: d["services"][1].update(criteria={}, timezone=None, roles=d["services"][1]["roles"])) == []
    )


def test_a_first_catalog_is_all_new():
    words = differences(Catalog(), Catalog.model_validate(example_document()))
    assert "Service PAY added" in words
    assert "Environment prod added" in words
    assert "process_owner added: U0PETRA" in words


def test_only_services_that_changed_have_changed():
    before = Catalog.model_validate(example_document())
    document = example_document()
    pay(document)["owner"] = "U0ANN"
    document["services"].append(NEW)
    assert changed_services(before, Catalog.model_validate(document)) == {"PAY"}
    document = example_document()
    document["timezone"] = "UTC"
    assert changed_services(before, Catalog.model_validate(document)) == {"PAY", "WEB"}
