"""Reading a catalog: what is read, what is refused, and what no file can do to the reader."""

import re

import pytest
import yaml

from models.catalog.document import Catalog
from models.catalog.reader import read_catalog
from tests.catalog.small_catalog import SMALL, mistakes, with_policy
from tests.conftest import DATA

EXAMPLE = (DATA / "catalog.yaml").read_text()


def test_the_example_is_read_whole():
    catalog = read_catalog(EXAMPLE.encode())
    assert [service.key for service in catalog.services] == ["PAY", "WEB"]
    assert catalog.by_key["PAY"].policy.types["major"].approvals == {
        "release_manager": 1,
        "owner": 1,
        "test_manager": 1,
    }
    assert catalog.by_key["WEB"].numbering == "Release Package {sequence} v{version}"


def test_nothing_is_lost_by_writing_a_catalog_back():
    catalog = read_catalog(EXAMPLE.encode())
    written = catalog.model_dump(mode="json", by_alias=True)
    assert Catalog.model_validate(written) == catalog
    assert read_catalog(yaml.safe_dump(written).encode()) == catalog


def test_the_small_catalog_itself_has_no_mistake():
    assert read_catalog(SMALL.encode()).by_key["PAY"].name == "Payments"


def test_all_mistakes_are_said_at_once_in_the_order_of_their_lines():
    content = (
        SMALL.replace("owner: U0OLGA", "owner: olga").replace("T-5d", "5d").replace("kind: software", "kind: thing")
    )
    content += "digests: [{channel: C0MGMT, at: soon, services: [NO]}]\nother: 1\n"
    said = mistakes(content)
    fields = [re.match(r"\d+: ([^:]*):", line)[1] for line in said]
    assert fields == [
        "services[0].owner",
        "services[0].configuration_items[0].kind",
        "services[0].policy.plan[0].due",
        "digests[0].at",
        "digests[0].services[0]",
        "other",
    ]


def test_a_mistake_that_leaves_a_field_unread_calls_nothing_else_wrong():
    content = SMALL.replace("owner: U0OLGA", "owner: 7").replace("[U0RITA, U0SAM]", "U0RITA")
    assert [line.split(": ")[1] for line in mistakes(content)] == [
        "services[0].owner",
        "services[0].roles.release_manager",
    ]


TWO = SMALL + SMALL.partition("services:\n")[2].replace("api", "web-api").replace("C0PAY", "C0WEB")


def test_two_services_of_one_key_are_refused():
    assert mistakes(TWO) == ["17: services[1].key: PAY is the key of services[0] already."]


def test_two_services_may_share_a_channel_which_then_stands_for_neither():
    content = TWO.replace("key: PAY", "key: WEB", 1).replace("C0WEB", "C0PAY")
    catalog = read_catalog(content.encode())
    assert [service.channel for service in catalog.services] == ["C0PAY", "C0PAY"]
    assert catalog.in_channel("C0PAY") is None


def test_two_configuration_items_of_one_key_are_refused_across_services():
    content = TWO.replace("key: PAY", "key: WEB", 1).replace("web-api", "api")
    assert mistakes(content) == [
        "25: services[1].configuration_items[0].key: api is the key of services[0].configuration_items[0] already."
    ]


def test_two_services_that_could_give_the_same_identifier_are_refused():
    content = TWO.replace("key: PAY", "key: WEB", 1).replace(
        "    policy:", '    numbering: "R {sequence}"\n    policy:'
    )
    assert mistakes(content) == [
        "27: services[1].numbering: PAY could give a release the same identifier as WEB. Put {service} into both."
    ]


def test_services_that_depend_on_each_other_in_a_circle_are_named():
    content = TWO.replace("key: PAY", "key: WEB\n    depends_on: [PAY]", 1)
    before, _, after = content.rpartition("key: PAY")
    said = mistakes(f"{before}key: PAY\n    depends_on: [WEB]{after}")
    assert len(said) == 1
    assert re.search(r"in a circle: (WEB -> PAY -> WEB|PAY -> WEB -> PAY)\. Remove one\.", said[0])


def test_a_user_group_may_hold_any_number_of_approvers():
    read_catalog(
        SMALL.replace("[U0RITA, U0SAM]", "[S0MANAGERS]")
        .replace("release_manager: 1", "release_manager: 9")
        .encode()
    )


def test_a_window_may_last_until_midnight():
    windows = 'windows: [{days: [mon], from: "22:00", to: "24:00"}, {days: [tue], from: "00:00", to: "02:00"}]'
    assert len(read_catalog(with_policy(windows).encode()).services[0].policy.windows) == 2


def test_anchors_and_merged_mappings_are_written_out():
    content = SMALL.replace("minor: {", "minor: &minor {").replace(
        "      plan:", "        major: {<<: *minor, notice: 14d}\n      plan:"
    )
    types = read_catalog(content.encode()).services[0].policy.types
    assert types["major"].approvals == types["minor"].approvals
    assert types["major"].notice == "14d"


def test_a_mistake_in_an_anchor_is_named_where_it_is_written():
    content = SMALL.replace("minor: {approvals", "minor: &minor {notce: 1d, approvals").replace(
        "      plan:", "        major: *minor\n      plan:"
    )
    assert [line.partition(": There")[0] for line in mistakes(content)] == [
        "14: services[0].policy.types.major.notce",
        "14: services[0].policy.types.minor.notce",
    ]


def test_something_else_than_fields_is_refused():
    assert mistakes("- PAY\n- WEB\n") == ["1: Fields with values are needed here, one a line: key: value."]


def test_aliases_cannot_stand_for_more_than_memory_holds():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert mistakes("\n".join(lines))[-1].endswith("stand for more here than a catalog can hold.")


@pytest.mark.parametrize("content", ["services: &a [*a]", "services: &a {<<: *a}", "&a {b: *a}"])
def test_an_anchor_cannot_stand_for_itself(content):
    assert mistakes(content)[-1].endswith("stand for more here than a catalog can hold.")


@pytest.mark.parametrize(
    "tag", ["!!bool x", "!!timestamp x", "!!int x", "!!float x", "!!binary x", "!!set {a}", "!x {}"]
)
def test_no_tag_breaks_the_reading(tag):
    assert [line.split(": ")[1] for line in mistakes(SMALL + f"timezone: {tag}\n")] == ["timezone"]


def test_a_byte_order_mark_is_no_mistake():
    assert read_catalog(b"\xef\xbb\xbf" + SMALL.encode()).services


def test_services_share_a_repository_where_each_has_its_own_production():
    shared = """
  - key: WEB
    name: Web
    channel: C0WEB
    owner: U0OLGA
    policy: {types: {minor: {approvals: {owner: 1}}}}
    deployments: {repositories: [acme/shop], production: [web-live]}
"""
    catalog = read_catalog((SMALL + "    deployments: {repositories: [acme/shop]}" + shared).encode())
    assert [one.deployments.production for one in catalog.services] == [("production", "prod"), ("web-live",)]
