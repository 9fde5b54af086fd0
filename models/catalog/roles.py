"""Roles as people say them."""

from collections.abc import Iterable


def role_word(role: str) -> str:
    """One role: ``release manager``."""
    return role.replace("_", " ")


def role_words(roles: Iterable[str]) -> str:
    """Several: ``release manager, owner``."""
    return ", ".join(map(role_word, roles))
