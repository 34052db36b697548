"""A digest of the code that a component runs.

TFX's cache knows a function by its path alone; with this among a component's
properties, changed code is a changed input, and runs again.
"""

import hashlib
import pathlib
from collections.abc import Iterable

ROOT = pathlib.Path(__file__).resolve().parents[1]

# What Transform's output depends on, and what a trained model does.
TRANSFORM = (
    "tfstory/examples.py",
    "tfstory/stories.py",
    "tfstory/text",
    "tfx_pipeline/transform_fn.py",
)
TRAINER = ("tfstory", "tfx_pipeline/transform_fn.py")


def digest(paths: Iterable[str], root: pathlib.Path = ROOT) -> str:
    """Returns a digest of the Python files below some paths.

    Args:
      paths: files and folders, relative to `root`.
      root: pathlib.Path.

    Returns:
      16 hexadecimal digits; names, order and contents of the files count.
    """
    result = hashlib.sha256()
    for path in paths:
        whole = root / path
        files = sorted(whole.rglob("*.py")) if whole.is_dir() else [whole]
        for file in files:
            result.update(f"{file.relative_to(root)}\0".encode())
            result.update(hashlib.sha256(file.read_bytes()).digest())
    return result.hexdigest()[:16]
