"""Roles as people say them."""

from collections.abc import Iterable


def role_word(role: str) -> str:
    """One role: ``release manager``, ``ELS lead``."""
    return " ".join("ELS" if word == "els" else word for word in role.split("_"))


def role_words(roles: Iterable[str]) -> str:
    """Several: ``release manager, owner``."""
    return ", ".join(map(role_word, roles))
