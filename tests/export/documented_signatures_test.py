"""The signature tables of serving/README.md against a real export."""

import pathlib
import re

import pytest
import tensorflow as tf

from tests.systems.face_gan import tiny as tiny_face_gan
from tests.systems.story_reasoning import tiny
from tfstory.export import saved_model

README = pathlib.Path(__file__).parents[2] / "serving" / "README.md"
SYSTEMS = ("StoryReasoning", "face_gan")
# The documented sizes are those of the default config; B and N are free.
DOCUMENTED = {"4": tiny.FRAMES - 1, "384": 12, "B": None, "N": None}


def _documented(title):
    """Returns signature -> "Inputs"/"Outputs" -> name -> (type, shape)."""
    section = README.read_text().partition(f"## Signatures of {title}\n")[2]
    section = section.partition("\n## ")[0]
    result = {}
    for part in section.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        tables = {}
        for kind, rows in re.findall(
            r"(Inputs|Outputs):\n\n((?:\|.*\n)+)", body
        ):
            cells = [
                [cell.strip() for cell in row.strip("|").split("|")]
                for row in rows.splitlines()[2:]
            ]
            tables[kind] = {
                row[0].strip("`"): (row[1], _shape(row[2])) for row in cells
            }
        result[name.strip("` ")] = tables
    return result


def _shape(text):
    sizes = text.strip("[]").split(",")
    return [DOCUMENTED[size.strip()] for size in sizes if size]


@pytest.fixture(scope="module")
def served(system, version_dir, tmp_path_factory):
    """System's title to what it exports, and the system."""
    faces = tiny_face_gan.system()
    directory = saved_model.export(faces, str(tmp_path_factory.mktemp("faces")))
    return {
        "StoryReasoning": (tf.saved_model.load(version_dir), system),
        "face_gan": (tf.saved_model.load(directory), faces),
    }


@pytest.mark.parametrize("title", SYSTEMS)
def test_the_same_signatures(served, title):
    model, _ = served[title]
    assert set(_documented(title)) == set(model.signatures)


@pytest.mark.parametrize(
    ("title", "name"),
    [(title, name) for title in SYSTEMS for name in sorted(_documented(title))],
)
def test_names_types_and_shapes(served, title, name):
    model, system = served[title]
    signature = model.signatures[name]
    tables = _documented(title)[name]
    inputs = {
        spec.name: (spec.dtype.name, spec.shape.as_list())
        for spec in signature.structured_input_signature[1].values()
    }
    assert tables["Inputs"] == inputs
    outputs = {
        key: (value.dtype.name, value.shape.as_list())
        for key, value in signature.structured_outputs.items()
    }
    if "*" in tables["Outputs"]:
        wanted = tables["Outputs"]["*"]
        sums = {ratio.numerator for ratio in system.ratios.values()}
        sums |= {ratio.denominator for ratio in system.ratios.values()}
        assert sums == set(outputs)
        assert {(dtype, len(shape)) for dtype, shape in outputs.values()} == {
            (wanted[0], len(wanted[1]))
        }
    else:
        assert tables["Outputs"] == outputs
