"""Which names of environments mean production, and whose repository one is."""

from models.catalog.document import Catalog, Service


def is_production(catalog: Catalog, service: Service, environment: str) -> bool:
    """By the names in the service's ``deployments.production``, or as one of the catalog's environments."""
    name = environment.strip().casefold()
    if name in {one.casefold() for one in service.deployments.production}:
        return True
    return any(one.production and name in (one.key.casefold(), one.name.casefold()) for one in catalog.environments)


def services_of_repository(catalog: Catalog, repository: str) -> tuple[Service, ...]:
    name = repository.casefold()
    return tuple(
        one for one in catalog.services if name in {known.casefold() for known in one.deployments.repositories}
    )
