"""CelebA's list files: attributes and the division into splits."""

from tfstory.datasets import splits
from tfstory.datasets.texts import decoded

_SPLITS = {"0": splits.TRAIN, "1": splits.VALIDATION, "2": splits.TEST}


def attributes(data: bytes) -> dict[str, list[str]]:
    """Reads `list_attr_celeba.txt`.

    Its first line is the number of faces, the second names the attributes;
    then a line a face: its file and 1 or -1 for each attribute.

    Returns:
      File name to the names of the attributes that the face has. Lines with
      another number of values are left out.

    Raises:
      BadExample: it is not UTF-8.
    """
    lines = decoded(data).splitlines()
    names = lines[1].split() if len(lines) > 1 else []
    rows = (line.split() for line in lines[2:])
    return {
        row[0]: [
            n for n, value in zip(names, row[1:], strict=True) if value == "1"
        ]
        for row in rows
        if len(row) == len(names) + 1
    }


def partition(data: bytes) -> dict[str, str]:
    """Reads `list_eval_partition.txt`: a file and 0, 1 or 2 in each line.

    Returns:
      File name to split.

    Raises:
      BadExample: it is not UTF-8.
    """
    rows = (line.split() for line in decoded(data).splitlines())
    return {
        row[0]: _SPLITS[row[1]]
        for row in rows
        if len(row) == 2 and row[1] in _SPLITS
    }
