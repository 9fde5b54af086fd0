"""Which release types and deployment methods a service allows, as problems for a form."""

from models.catalog.document import Service
from models.text import either


def type_problem(name: str, service: Service | None) -> str:
    """What is wrong with a type of release; nothing while there is no service."""
    if service is None or name in service.policy.types:
        return ""
    return f"{service.name} has no {name or 'such'} releases. Choose {either(service.policy.types)}."


def method_problem(name: str, service: Service | None) -> str:
    """What is wrong with a deployment method; nothing while there is no service."""
    if service is None or name in service.methods:
        return ""
    return f"{service.name} is not deployed {name or 'like this'}. Choose {either(service.methods)}."
