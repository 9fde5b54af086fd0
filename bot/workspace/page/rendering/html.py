"""HTML built in Python, for what would be mostly logic in a template."""

from collections.abc import Iterable

from markupsafe import Markup, escape

VOID = frozenset({"br", "hr", "img", "input"})
SAFE_SCHEMES = ("http://", "https://", "mailto:")


def tag(name: str, /, *content: str | Markup, **attributes: str | int | float | bool | None) -> Markup:
    """One element, its content and attributes escaped.

    An underscore in an attribute's name becomes a hyphen, a trailing one is dropped (`class_`). `None` and `False`
    leave the attribute out, `True` writes its bare name.
    """
    written = Markup("").join(_attribute(key, value) for key, value in attributes.items())
    opening = Markup("<{}{}>").format(name, written)
    if name in VOID:
        return opening
    return opening + join(content) + Markup("</{}>").format(name)


def _attribute(key: str, value: str | float | bool | None) -> Markup:
    if value is None or value is False:
        return Markup("")
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return Markup(" {}").format(name)
    return Markup(' {}="{}"').format(name, value)


def join(parts: Iterable[str | Markup]) -> Markup:
    """Plain strings are escaped."""
    return Markup("").join(parts)


def lines(text: str) -> Markup:
    """Escape text and keep its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def safe_address(address: str) -> str | None:
    """`None` unless the address has one of `SAFE_SCHEMES` (so not `javascript:`)."""
    return address if address.lower().startswith(SAFE_SCHEMES) else None


def link(address: str, label: str | Markup, class_: str | None = None) -> Markup:
    """Only the label where the address is not safe."""
    if safe_address(address) is None:
        return escape(label)
    return tag(
        "a", label, class_=class_, href=address, target="_blank", rel="noopener noreferrer nofollow", dir="auto"
    )
