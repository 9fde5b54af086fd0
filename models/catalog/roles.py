"""Roles as people say them."""

from collections.abc import Iterable


def role_word(role: str) -> str:
    """One role: ``release manager``, ``ELS lead``."""
    return " ".join("ELS" if word == "els" else word for word in role.split("_"))


def role_choice(roles: Iterable[str]) -> str:
    """Several of which one is enough: ``release manager, owner or deployment staff``."""
    words = [role_word(role) for role in roles]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def role_words(roles: Iterable[str]) -> str:
    """Several: ``release manager, owner``."""
    return ", ".join(map(role_word, roles))
