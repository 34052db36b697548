"""Small matters of English: articles, plurals, prepositions of place."""

from __future__ import annotations

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def with_article(noun: str) -> str:
    """The noun after "a" or "an"."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def plural(noun: str) -> str:
    """The noun for more than one."""
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def the_place(name: str) -> str:
    """A place of the picture as one walks to it: "the top left corner"."""
    if " " in name:
        return f"the {name} corner"
    return f"the {name} side" if name in ("left", "right") else f"the {name}"


def at_place(name: str) -> str:
    """A place of the picture as one stands there: "on the left side"."""
    preposition = "at"
    if " " in name or name == "middle":
        preposition = "in"
    elif name in ("left", "right"):
        preposition = "on"
    return f"{preposition} {the_place(name)}"
