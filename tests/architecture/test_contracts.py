"""Every contract in ``pyproject.toml`` fails when an import breaks it."""

from itertools import pairwise
from typing import Any

import grimp
import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure
from importlinter.domain.contract import Contract, registry

from tests.architecture.modules import PACKAGES, ROOT

configure()
OPTIONS = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
use_cases._register_contract_types(OPTIONS)
CONTRACTS = OPTIONS.contracts_options


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def _contract(options: dict[str, Any]) -> Contract:
    kind = registry.get_contract_class(options["type"])
    return kind(name=options["name"], session_options=OPTIONS.session_options, contract_options=options)


def _forbidden_imports(options: dict[str, Any]) -> list[tuple[str, str]]:
    """Imports that the contract forbids: each layer importing the one above it and its own neighbours."""
    if options["type"] == "forbidden":
        return [(options["source_modules"][0], forbidden) for forbidden in options["forbidden_modules"]]
    inside = "".join(f"{container}." for container in options.get("containers", ()))
    layers = [[inside + room.strip() for room in layer.split("|")] for layer in options["layers"]]
    climbs = [(low, high) for above, below in pairwise(layers) for low in below for high in above]
    sideways = [(one, other) for layer in layers for one in layer for other in layer if one != other]
    return climbs + sideways


@pytest.mark.parametrize("options", CONTRACTS, ids=[one["name"] for one in CONTRACTS])
def test_a_contract_fails_for_every_import_that_it_forbids(graph, options):
    contract = _contract(options)
    assert contract.check(graph, verbose=False).kept
    passed = []
    for importer, imported in _forbidden_imports(options):
        if imported not in graph.modules:
            graph.add_module(imported, is_squashed=True)
        graph.add_import(importer=importer, imported=imported)
        if contract.check(graph, verbose=False).kept:
            passed.append((importer, imported))
        graph.remove_import(importer=importer, imported=imported)
    assert passed == []


@pytest.mark.parametrize(
    "options",
    [one for one in CONTRACTS if one.get("exhaustive")],
    ids=[one["name"] for one in CONTRACTS if one.get("exhaustive")],
)
def test_a_room_that_no_layer_names_breaks_the_contract(graph, options):
    stranger = f"{options['containers'][0]}.stranger"
    graph.add_module(stranger)
    try:
        assert not _contract(options).check(graph, verbose=False).kept
    finally:
        graph.remove_module(stranger)
