"""The fields of a form for a part of a service, one after the other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from messages.kit.blocks import Block, Element, option
from messages.kit.inputs import Entered, input_block, select, text_area, text_input
from models.limits import TEXT_LIMIT
from models.services.submitted_form import spread


class Fields:
    """Collects ``blocks``. A field starts with what was ``entered``, or without that with what the service has."""

    def __init__(self, entered: Entered | None) -> None:
        self._entered = entered
        self.blocks: list[Block] = []

    def line(
        self, name: str, label: str, held: str | None, hint: str = "", *, optional: bool = True, most: int = 300
    ) -> None:
        """A field of one line."""
        element = text_input(initial=str(self._now(name, held) or ""), max_length=most)
        self._add(name, label, element, hint, optional=optional)

    def lines(self, name: str, label: str, held: Iterable[str], hint: str, *, optional: bool = True) -> None:
        """A list with an entry a line, over as many fields as it needs."""
        for position, (field, text) in enumerate(self._spread(name, held)):
            element = text_area(text, TEXT_LIMIT)
            caption = f"{label}, continued" if position else label
            self._add(field, caption, element, "" if position else hint, optional=optional or position > 0)

    def pick(
        self,
        name: str,
        label: str,
        element: Element,
        initial: str,
        held: str | Sequence[str],
        hint: str = "",
        *,
        optional: bool = True,
    ) -> None:
        """A field for people or channels; ``initial`` is the property of ``element`` for those chosen already."""
        chosen = self._now(name, held)
        self._add(name, label, {**element, **({initial: chosen} if chosen else {})}, hint, optional=optional)

    def choice(self, name: str, label: str, options: Mapping[str, str], held: str) -> None:
        """A menu of ``options``, words by value."""
        choices = [option(words, key) for key, words in options.items()]
        self._add(name, label, select("value", choices, str(self._now(name, held) or held)), optional=False)

    def _now(self, name: str, held: Any) -> Any:
        return held if self._entered is None else self._entered.get(name)

    def _spread(self, name: str, held: Iterable[str]) -> list[tuple[str, str]]:
        if self._entered is None:
            return spread(name, "\n".join(held))
        fields = [one for one in self._entered if one == name or one.startswith(f"{name}:")]
        return [(one, str(self._entered[one] or "")) for one in fields] or [(name, "")]

    def _add(self, name: str, label: str, element: Element, hint: str = "", *, optional: bool = True) -> None:
        self.blocks.append(input_block(name, label, element, optional=optional, hint=hint))
