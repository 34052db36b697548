"""Networks have the convolutions that stand batches of none."""

import ast
import re

from tests.house.sources import ROOT, python_files

HOME = "tfstory/layers/convolutions.py"
_OF_KERAS = re.compile(r"keras\.layers\.(\w*Conv)")


def keras_convolutions(source: str) -> list[str]:
    """Keras's own convolutions that a module's code names."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            names.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in names if _OF_KERAS.search(name)]


def test_networks_have_our_convolutions():
    assert {
        str(path): names
        for path in python_files("tfstory")
        if (names := keras_convolutions((ROOT / path).read_text()))
    }.keys() == {HOME}


def test_comments_and_other_layers_are_none():
    source = '"""keras.layers.Conv2D"""\nkeras.layers.Dense(1)\n'
    assert keras_convolutions(source) == []
    source += "keras.layers.Conv2D(1, 1)\ntf.keras.layers.SeparableConv1D()\n"
    source += "from keras.layers import DepthwiseConv2D\n"
    assert sorted(keras_convolutions(source)) == [
        "keras.layers.Conv2D",
        "keras.layers.DepthwiseConv2D",
        "tf.keras.layers.SeparableConv1D",
    ]
