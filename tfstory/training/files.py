"""Files of the work directory that are never seen half written."""

import json
import os
import pathlib
from typing import Any


def write_bytes(path: pathlib.Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def write_json(path: pathlib.Path, value: Any) -> None:
    """Writes a JSON file whole or not at all."""
    text = json.dumps(value, indent=2, default=str)
    write_bytes(path, (text + "\n").encode())
