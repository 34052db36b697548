"""Values of a command line's words."""

import ast
from typing import Any

_NAMES = {"true": True, "false": False}


def value_of(text: str) -> Any:
    """Returns the value of a Python literal, or the text where it is none.

    Args:
      text: such as "3" or "(4, 8)"; "true" and "false" will do for Python's
        own names.
    """
    if text in _NAMES:
        return _NAMES[text]
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError):
        return text
