from models.catalog.document import Service
from models.text import either


def type_problem(name: str, service: Service | None) -> str:
    """Why the service has no such type; empty while no service is chosen."""
    if service is None or name in service.policy.types:
        return ""
    return f"{service.name} has no {name or 'such'} releases. Choose {either(service.policy.types)}."


def method_problem(name: str, service: Service | None) -> str:
    """Why the service isn't deployed like that; empty while no service is chosen."""
    if service is None or name in service.methods:
        return ""
    return f"{service.name} is not deployed {name or 'like this'}. Choose {either(service.methods)}."
