"""Roles as people say them."""

from collections.abc import Iterable

from models.catalog.document import OWNER, Service
from models.text import either


def role_word(role: str) -> str:
    """One role: ``release manager``, ``ELS lead``."""
    return " ".join("ELS" if word == "els" else word for word in role.split("_"))


def role_choice(roles: Iterable[str]) -> str:
    """Several of which one is enough: ``release manager, owner or deployment staff``."""
    return either(map(role_word, roles))


def role_words(roles: Iterable[str]) -> str:
    """Several: ``release manager, owner``."""
    return ", ".join(map(role_word, roles))


REQUESTER = "requester"

APPROVERS = "approvers"
"""Whoever the release type asks for; :mod:`models.releases.approval.rights` decides who that is."""

RELEASE_MANAGER = "release_manager"

TESTERS = ("test_support", "test_manager")

BUILDERS = ("build_manager",)

DEPLOYERS = ("deployment_staff", RELEASE_MANAGER)

AUTHORITY = (RELEASE_MANAGER, OWNER)
"""Who says go or no go, and reviews a release that operations has taken over."""


def answerable_role(service: Service, role: str) -> str:
    """The role that answers for ``role``: itself, or where nobody holds it the release manager or the owner."""
    return next(name for name in (role, RELEASE_MANAGER, OWNER) if service.holders(name))
