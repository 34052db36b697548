"""serving stands alone, and its client starts without TensorFlow."""

import ast
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
FILES = sorted((ROOT / "serving").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_nothing_of_the_library_or_the_pipeline(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    assert not imported & {"tfstory", "tfx_pipeline", "tfx", "keras"}


def test_the_client_starts_without_tensorflow():
    """That TensorFlow can be imported afterwards, process_test.py shows."""
    script = (
        "import sys, serving.client.commands; "
        "print(*sorted({name.split('.')[0] + '.' + name.split('.')[1]"
        " for name in sys.modules if name.startswith('tensorflow.')}))"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 0, process.stderr
    # Messages alone; the package proper would be tensorflow.python.
    assert set(process.stdout.split()) <= {
        "tensorflow.compiler",
        "tensorflow.core",
        "tensorflow.tsl",
    }


def test_messages_that_need_more_of_tensorflow_leave_no_trace():
    """Then the plain imports that follow find TensorFlow itself."""
    script = (
        "import sys, serving.protos as protos; "
        "protos._MODULES += ('tensorflow.core.no_such_message_pb2',); "
        "protos._load_without_tensorflow(); "
        "print([name for name in sys.modules"
        " if name.startswith('tensorflow')])"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.stdout == "['tensorflow_serving']\n", process.stderr
