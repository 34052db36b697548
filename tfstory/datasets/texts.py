"""Looks into sentences before they are stored."""

from tfstory.datasets.candidates import BadExample


def checked(text: str | bytes) -> str:
    """Returns the text on one line, its runs of white space made one blank.

    Args:
      text: a string, or UTF-8 bytes.

    Raises:
      BadExample: the text is not UTF-8. An empty text is returned as "".
    """
    if isinstance(text, bytes):
        text = decoded(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadExample("its text holds characters that UTF-8 lacks") from None
    return " ".join(text.replace("\0", " ").split())


def decoded(data: bytes) -> str:
    """Returns UTF-8 bytes as a string, less a byte order mark.

    Raises:
      BadExample: the bytes are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadExample(
            f"its text is not UTF-8 (byte {error.start})"
        ) from None
