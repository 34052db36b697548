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


def test_the_client_starts_without_tensorflow_which_works_afterwards():
    """In a process of its own, since TensorFlow is loaded here."""
    script = """
import sys
import serving.client, serving.client.commands
loaded = [m for m in sys.modules if m.split(".")[0] in
          ("tensorflow", "tfstory", "tfx", "keras")]
assert "tensorflow" not in loaded, loaded
assert not any(m.startswith("tensorflow.python") for m in loaded)
import tensorflow as tf
from serving import tensors
from serving.protos import tensor_pb2
assert type(tf.make_tensor_proto(1.0)) is tensor_pb2.TensorProto
assert int(tf.function(lambda x: x + 1)(tf.constant(1))) == 2
assert tf.make_ndarray(tensors.encode([1.5])).tolist() == [1.5]
print("fine")
"""
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.stdout == "fine\n", process.stderr
