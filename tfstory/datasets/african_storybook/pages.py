"""Reads the pages of an African Storybook story."""

import re

_PAGE = re.compile(r"^##.*$", re.MULTILINE)
_LICENCE = re.compile(r"^\*\s*License:\s*(.*)$", re.MULTILINE)


def parse(text: str) -> tuple[list[str], str]:
    """Splits a story's Markdown into its pages and its licence.

    Pages are the blocks between lines that begin with `##`; the title stands
    before the first, the licence and the authors after the last.

    Args:
      text: the whole file.

    Returns:
      The pages' texts, in order, "" for a page without words; and the
      licence, such as "CC-BY", "" if the file names none.
    """
    blocks = [block.strip() for block in _PAGE.split(text)[1:]]
    if blocks and (licence := _LICENCE.search(blocks[-1])):
        return blocks[:-1], licence[1].strip().strip("[]")
    return blocks, ""


def picture_of_page(page: int, pages: int, pictures: int) -> int | None:
    """Returns which picture (from 0) belongs to a page (from 0).

    The first picture is the cover. The pairing is known to be right only
    where a story has one picture more than pages, or two.

    Returns:
      The picture's position, or None where the numbers do not fit.
    """
    return page + 1 if pictures - pages in (1, 2) else None
