"""Roles as people say them."""

from collections.abc import Iterable

from models.wording import either


def role_word(role: str) -> str:
    """One role: ``release manager``, ``ELS lead``."""
    return " ".join("ELS" if word == "els" else word for word in role.split("_"))


def role_choice(roles: Iterable[str]) -> str:
    """Several of which one is enough: ``release manager, owner or deployment staff``."""
    return either(map(role_word, roles))


def role_words(roles: Iterable[str]) -> str:
    """Several: ``release manager, owner``."""
    return ", ".join(map(role_word, roles))
