"""Finding the mistakes in a catalog: in a field, within a service, between services."""
