import re

_CHANGE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}[-_ ]?\d{1,12}")

_BETWEEN = re.compile(r"[,;\s]+")


def parse_changes(text: str) -> tuple[list[str], list[str]]:
    """The ids in ``text`` (upper case, each once, in order), and the words that are not ids."""
    ids: dict[str, None] = {}
    others: list[str] = []
    for word in _BETWEEN.split(text.strip()):
        if _CHANGE.fullmatch(word):
            ids[word.upper()] = None
        elif word:
            others.append(word)
    return list(ids), others
