"""Whether a stranger finds the room: no circles, no crowded folder, no word with two meanings."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import grimp
import pytest

from tests.architecture.modules import PACKAGES, ROOT, STEPS, files, tree

MOST_FILES = 20
"""Files side by side in one folder, ``__init__.py`` aside: as many as one looks through at a glance."""

ANSWERS_NOTHING = {
    *("asked", "collided", "decided", "kept", "offered", "opened"),
    *("owed", "reading", "there", "typed", "waiting", "who"),
}
"""Words that name a file without saying what is in it."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_no_files_import_each_other_in_a_circle(graph):
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert list(_circles(imports)) == []


def test_no_folders_import_each_other_in_a_circle(graph):
    circles = []
    for folder in sorted({module.rpartition(".")[0] for module in graph.modules} - {""}):
        rooms = defaultdict(set)
        for module in graph.find_descendants(folder):
            for imported in graph.find_modules_directly_imported_by(module):
                if imported.startswith(f"{folder}."):
                    rooms[_room(module, folder)].add(_room(imported, folder))
        circles += [f"{folder}: {', '.join(circle)}" for circle in _circles(rooms)]
    assert circles == []


def _room(module: str, folder: str) -> str:
    return module[len(folder) + 1 :].partition(".")[0]


def _circles(arrows: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Nodes that lead back to themselves through others, by taking away what leads nowhere or is led to by none."""
    left = {node: {other for other in others if other != node} for node, others in arrows.items()}
    while True:
        reached = {other for others in left.values() for other in others}
        kept = {node: {one for one in others if one in left} for node, others in left.items() if node in reached}
        kept = {node: others for node, others in kept.items() if others}
        if kept == left:
            break
        left = kept
    if left:
        yield sorted(left)


@pytest.mark.parametrize(
    ("arrows", "circles"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"a"}}, []),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b"]]),
        ({"x": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a", "y"}, "y": set()}, [["a", "b", "c"]]),
    ],
)
def test_a_circle_is_recognised(arrows, circles):
    assert list(_circles(arrows)) == circles


def test_no_folder_is_crowded():
    folders = Counter(path.parent for path in files() if path.name != "__init__.py" and path.parent != STEPS)
    folders.update(path.parent for path in (ROOT / "messages" / "templates").rglob("*.j2"))
    folders.update(path.parent for path in (ROOT / "tests").rglob("*.py") if path.name != "__init__.py")
    assert {str(folder.relative_to(ROOT)): count for folder, count in folders.items() if count > MOST_FILES} == {}


def test_every_file_is_named_for_what_it_holds():
    assert [str(path.relative_to(ROOT)) for path in files() if path.stem in ANSWERS_NOTHING] == []


def test_a_class_name_has_one_meaning():
    """The local workspace aside: it speaks Slack's words, such as Message and Person."""
    assert _defined_twice(ast.ClassDef) == {}


def test_a_function_of_the_models_has_a_name_of_its_own():
    assert _defined_twice(ast.FunctionDef, ast.AsyncFunctionDef, packages=("models",)) == {}


def _defined_twice(*kinds: type[ast.stmt], packages: tuple[str, ...] = PACKAGES) -> dict[str, list[str]]:
    """The public names that several modules define, with the modules."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in files(*packages):
        if path.parent != STEPS and not _shown(path).startswith("bot/workspace/"):
            for node in tree(path).body:
                if isinstance(node, kinds) and not node.name.startswith("_"):
                    places[node.name].append(_shown(path))
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
