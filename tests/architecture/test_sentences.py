"""Every sentence of the templates is said, and what is said is there."""

import ast

from jinja2 import Environment
from jinja2 import nodes as syntax

from tests.architecture.modules import ROOT, called, nodes

TEMPLATES = {
    path.stem: Environment(autoescape=True).parse(path.read_text())
    for path in (ROOT / "messages" / "templates").glob("*.j2")
}


def test_every_sentence_that_is_said_is_in_a_template():
    missing = [f"{place} says {name}" for place, name in _said() if name not in _written()]
    assert missing == []


def test_every_sentence_is_said_somewhere():
    assert _written() - {name for _, name in _said()} == set()


def test_templates_hold_nothing_but_sentences():
    beside = [
        topic
        for topic, template in TEMPLATES.items()
        for node in template.body
        if not isinstance(node, syntax.Block) and not _is_blank(node)
    ]
    assert beside == []


def _is_blank(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Output) and all(
        isinstance(one, syntax.TemplateData) and not one.data.strip() for one in node.nodes
    )


def _written() -> set[str]:
    return {
        f"{topic}.{block.name}"
        for topic, template in TEMPLATES.items()
        for block in template.find_all(syntax.Block)
    }


def _said() -> list[tuple[str, str]]:
    """The sentences that code and templates name, each with its place."""
    said = [
        (f"{topic}.j2:{call.lineno}", call.args[0].as_const())
        for topic, template in TEMPLATES.items()
        for call in template.find_all(syntax.Call)
        if isinstance(call.node, syntax.Name) and call.node.name == "say"
    ]
    for place, node in nodes("messages"):
        if called(node) == "say" and isinstance(node.args[0], ast.Constant):
            said.append((place, node.args[0].value))
        elif isinstance(node, ast.Constant) and str(node.value).partition(".")[0] in TEMPLATES:
            said += [(place, node.value)] if "." in str(node.value) else []
    return said
