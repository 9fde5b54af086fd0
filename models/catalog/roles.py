from collections.abc import Iterable

from models.catalog.document import OWNER, Service
from models.text import either


def role_word(role: str) -> str:
    """``release manager``, ``ELS lead``."""
    return " ".join("ELS" if word == "els" else word for word in role.split("_"))


def role_choice(roles: Iterable[str]) -> str:
    """``release manager, owner or deployment staff``."""
    return either(map(role_word, roles))


def role_words(roles: Iterable[str]) -> str:
    """``release manager, owner``."""
    return ", ".join(map(role_word, roles))


REQUESTER = "requester"

NEWER_REQUESTER = "newer_requester"
"""The person who requested the newer release that takes the place of another."""

APPROVERS = "approvers"
"""The people that the release's type asks for; :mod:`models.releases.approval.rights` decides who they are."""

RELEASE_MANAGER = "release_manager"

TESTERS = ("test_support", "test_manager")

BUILDERS = ("build_manager",)

DEPLOYERS = ("deployment_staff", RELEASE_MANAGER)

AUTHORITY = (RELEASE_MANAGER, OWNER)
"""They say go or no go, review releases, and end the calendar addresses of a service's channel."""


def answerable_role(service: Service, role: str) -> str:
    """``role``, or if nobody holds it the release manager, or else the owner (docs/process.md#roles)."""
    return next((name for name in (role, RELEASE_MANAGER) if service.holders(name)), OWNER)
