"""What makes a change material, as people type it into a form: ``back-out plan: unless spelling``."""

import typing

from models.catalog.checking.field_checks import nearest
from models.catalog.document import Material
from models.catalog.field_types import Materiality

FIELDS = tuple(Material.model_fields)

CHOICES: tuple[str, ...] = typing.get_args(Materiality)


def material_lines(material: Material) -> list[str]:
    return [material_line(field, when) for field, when in material.as_written().items()]


def material_line(field: str, when: str) -> str:
    return f"{_words(field)}: {_words(when)}"


def read_material(line: str) -> tuple[str, str]:
    """A field and when its change is material. Raises ValueError with a sentence."""
    field, colon, when = (_key(part) for part in line.partition(":"))
    if field not in FIELDS:
        raise ValueError(f"{line[:60]!r} names no field of a release.{nearest(field, FIELDS)}")
    if not colon or when not in CHOICES:
        choices = ", ".join(map(_words, CHOICES))
        raise ValueError(f"{line[:60]!r} does not say when; write {_words(field)}: and one of {choices}.")
    return field, when


def _words(key: str) -> str:
    return "back-out plan" if key == "back_out_plan" else key.replace("_", " ")


def _key(text: str) -> str:
    return "_".join(text.replace("-", " ").replace("_", " ").casefold().split())
