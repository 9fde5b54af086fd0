"""Reading a catalog: from the bytes of a file to the checked document, or to all its mistakes."""

from models.catalog.checks import check_catalog
from models.catalog.document import Catalog
from models.catalog.mistakes import CatalogMistakes, Mistake
from models.catalog.shape import read_shape
from models.catalog.source import read_source


def read_catalog(content: bytes) -> Catalog:
    """Read the YAML in ``content``.

    Raises :class:`~models.catalog.mistakes.CatalogMistakes` with every mistake there is; a field that cannot be
    read has one, whatever else it breaks.
    """
    source = read_source(content)
    catalog, shape = read_shape(source.data)
    found: dict[str, list[Mistake]] = {}
    for mistake in (
        *source.mistakes,
        *(source.mistake(problem) for problem in (*shape, *check_catalog(source.data))),
    ):
        found.setdefault(mistake.field, []).append(mistake)
    if catalog is None or found:
        raise CatalogMistakes(mistakes[0] for mistakes in found.values())
    return catalog
