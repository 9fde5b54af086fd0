"""The product's modules, as text and as syntax."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "messages", "models", "scheduler")
STEPS = ROOT / "models" / "migrations" / "versions"
"""The steps of the schema: read by alembic from their files, imported by nobody."""


@cache
def pyproject() -> dict[str, Any]:
    """What ``pyproject.toml`` says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def files(*packages: str) -> list[Path]:
    """The Python files of ``packages``, or of the whole product."""
    return [path for package in packages or PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name(path: Path) -> str:
    """The name by which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a module."""
    return ast.parse(path.read_text(), filename=str(path))


def nodes(*packages: str, without: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.AST]]:
    """Every piece of syntax with its place, outside the files and folders in ``without``."""
    for path in files(*packages):
        shown = str(path.relative_to(ROOT))
        if not shown.startswith(without):
            for node in ast.walk(tree(path)):
                yield f"{shown}:{getattr(node, 'lineno', 1)}", node


def called(node: ast.AST) -> str:
    """What a call calls, as it is written: ``datetime.now``; empty for everything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
