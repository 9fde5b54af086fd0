from models.catalog.checking.checks import check_catalog
from models.catalog.checking.field_checks import read_fields
from models.catalog.document import Catalog
from models.catalog.mistakes import CatalogMistakes, Mistake
from models.catalog.yaml_source import read_source


def read_catalog(content: bytes) -> Catalog:
    """Read YAML into a checked catalog.

    Raises :class:`~models.catalog.mistakes.CatalogMistakes` with all mistakes, one a field.
    """
    source = read_source(content)
    catalog, shape = read_fields(source.data)
    by_field: dict[str, Mistake] = {}
    for mistake in (
        *source.mistakes,
        *(source.mistake(problem) for problem in (*shape, *check_catalog(source.data))),
    ):
        by_field.setdefault(mistake.field, mistake)
    if catalog is None or by_field:
        raise CatalogMistakes(by_field.values())
    return catalog
