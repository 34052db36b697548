"""Networks have the convolutions that stand batches of none."""

import ast

from tests.house.sources import ROOT, python_files

HOME = "tfstory/layers/convolutions.py"


def keras_convolutions(source: str) -> list[str]:
    """Keras's own convolutions that a module's code names."""
    names = (
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
    )
    return [name for name in names if name.startswith("keras.layers.Conv")]


def test_networks_have_our_convolutions():
    assert {
        str(path): names
        for path in python_files("tfstory")
        if (names := keras_convolutions((ROOT / path).read_text()))
    }.keys() == {HOME}


def test_comments_and_other_layers_are_none():
    source = '"""keras.layers.Conv2D"""\nkeras.layers.Dense(1)\n'
    assert keras_convolutions(source) == []
    source += "keras.layers.Conv2D(1, 1)\n"
    assert keras_convolutions(source) == ["keras.layers.Conv2D"]
