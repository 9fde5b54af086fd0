"""Rules of the house that no linter knows."""

import ast
import re

import pytest

from tests.architecture.modules import PACKAGES, ROOT, called, files, nodes, tree

LIFECYCLE = "models/lifecycle/lifecycle.py"
WORKSPACE = "bot/workspace/"

CLOCKS = ("models/time/clock.py", "bot/workspace/world/clock.py")
"""Where the machine is asked for the time."""

ASKS_THE_MACHINE = re.compile(
    r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))"
)

UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")

WRITTEN = (".py", ".md", ".toml", ".yml", ".yaml", ".j2", ".html", ".css", ".js", ".mako")


def test_nothing_but_the_lifecycle_assigns_the_state_of_a_release():
    places = [place for place, node in nodes(without=(LIFECYCLE, WORKSPACE)) if _assigns_state(node)]
    assert places == []


def _assigns_state(node: ast.AST) -> bool:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(
            isinstance(part, ast.Attribute) and part.attr == "state"
            for target in targets
            for part in ast.walk(target)
        )
    if not isinstance(node, ast.Call):
        return False
    given = {keyword.arg: keyword.value for keyword in node.keywords}.get("state")
    empty = isinstance(given, ast.Constant) and given.value == ""
    if called(node) == "setattr":
        return any(isinstance(argument, ast.Constant) and argument.value == "state" for argument in node.args)
    return given is not None and not empty and called(node).endswith((".values", "Release"))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("release.state = 'approved'", True),
        ("a, release.state = 1, 2", True),
        ("release.state: str = 'approved'", True),
        ("setattr(release, 'state', 'approved')", True),
        ("update(Release).values(state='approved')", True),
        ("Release(state='approved')", True),
        ("Release(state='')", False),
        ("begin(Release(title='x'))", False),
        ("card(state=release.state)", False),
        ("state = release.state", False),
    ],
)
def test_an_assigned_state_is_recognised(code, found):
    assert any(_assigns_state(node) for node in ast.walk(ast.parse(code))) is found


def test_time_is_handed_in():
    places = [place for place, node in nodes(without=CLOCKS) if ASKS_THE_MACHINE.fullmatch(called(node))]
    assert places == []


def test_nothing_is_left_for_later():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in (*PACKAGES, "tests", "bench", "docs")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in WRITTEN and "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_everything_is_caught_only_at_an_edge():
    """A handler for every error raises again, or its line says at which edge of the program it stands."""
    quiet = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
        if "# the edge: " not in path.read_text().splitlines()[node.lineno - 1]
    ]
    assert quiet == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    raises = any(isinstance(node, ast.Raise) for statement in handler.body for node in ast.walk(statement))
    return caught in ("Exception", "BaseException") and not raises
