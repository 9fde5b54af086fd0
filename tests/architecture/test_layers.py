"""Who may know whom."""

import ast
import subprocess
import sys

import grimp

from tests.architecture.modules import PACKAGES, ROOT, STEPS, files, name, nodes, pyproject

BESIDE_THE_PRODUCT = {"tests", "bench"}

NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib3", "websockets"}


def test_imports_keep_the_contracts():
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_every_package_stands_in_a_layer_and_is_shipped():
    layers = pyproject()["tool"]["importlinter"]["contracts"][0]["layers"]
    standing = {package.strip() for layer in layers for package in layer.split("|")}
    assert standing == set(PACKAGES)
    assert set(pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == standing
    found = {path.parent.name for path in ROOT.glob("*/*.py")}
    assert found - BESIDE_THE_PRODUCT == standing
    assert list(ROOT.glob("*.py")) == []


def test_every_module_is_seen_by_the_contracts():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    unseen = [name(path) for path in files() if path.parent != STEPS and name(path) not in graph.modules]
    assert unseen == []


def test_what_is_true_reaches_for_no_network():
    reached = [
        f"{place} imports {module}"
        for place, node in nodes("models")
        for module in _imported(node)
        if module.partition(".")[0] in NETWORK or module.startswith("urllib.request")
    ]
    assert reached == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
