"""Sealing the keys that tools send along to be called back with, so that the database alone opens nothing."""

import base64
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def seal(secret: str, text: str) -> str:
    """Empty for an empty text."""
    return _box(secret).encrypt(text.encode()).decode() if text else ""


def unseal(secret: str, sealed: str) -> str | None:
    """None where another secret sealed it: it was replaced since."""
    from cryptography.fernet import InvalidToken

    if not sealed:
        return ""
    try:
        return _box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: str) -> "Fernet":
    from cryptography.fernet import Fernet  # loads slowly, and few services need it

    key = hmac.digest(secret.encode(), b"release-desk:callback", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
