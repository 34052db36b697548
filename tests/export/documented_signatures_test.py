"""The signature tables of serving/README.md against real exports."""

import pathlib
import re

import pytest
import tensorflow as tf

from tests.systems.face_gan import tiny as tiny_faces
from tests.systems.gaussian_gan import small
from tests.systems.story_reasoning import tiny
from tfstory.export import saved_model

README = pathlib.Path(__file__).parents[2] / "serving" / "README.md"
# System to the sizes that its tables name, those of the default config.
SYSTEMS = {
    "StoryReasoning": {"4": tiny.FRAMES - 1, "384": 12},
    "GaussianGan": {},
    "FaceGan": {},
}
# Sizes that are free.
FREE = ("B", "N", "S")


def _documented(system):
    """Returns signature -> "Inputs"/"Outputs" -> name -> (type, shape)."""
    section = README.read_text().partition(f"## Signatures of {system}\n")[2]
    section = section.partition("\n## ")[0]
    result = {}
    for part in section.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        tables = {}
        for title, rows in re.findall(
            r"(Inputs|Outputs):\n\n((?:\|.*\n)+)", body
        ):
            cells = [
                [cell.strip() for cell in row.strip("|").split("|")]
                for row in rows.splitlines()[2:]
            ]
            tables[title] = {
                row[0].strip("`"): (row[1], _shape(row[2], SYSTEMS[system]))
                for row in cells
            }
        result[name.strip("` ")] = tables
    return result


def _shape(text, sizes):
    words = [word.strip() for word in text.strip("[]").split(",") if word]
    return [None if word in FREE else sizes[word] for word in words]


@pytest.fixture(scope="module")
def exported(system, version_dir, tmp_path_factory):
    """System to its export and itself."""

    def loaded(made, batch):
        directory = str(tmp_path_factory.mktemp("export"))
        batch = {name: value.numpy() for name, value in batch.items()}
        return tf.saved_model.load(
            saved_model.export(made, directory, batch)
        ), made

    return {
        "StoryReasoning": (tf.saved_model.load(version_dir), system),
        "GaussianGan": loaded(small.system("remedy"), small.batch(2)),
        "FaceGan": loaded(tiny_faces.system(), tiny_faces.raw_batch(2)),
    }


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_same_signatures(exported, name):
    model, _ = exported[name]
    assert set(_documented(name)) == set(model.signatures)


@pytest.mark.parametrize(
    ("of", "name"),
    [(of, name) for of in SYSTEMS for name in sorted(_documented(of))],
)
def test_names_types_and_shapes(exported, of, name):
    model, system = exported[of]
    signature = model.signatures[name]
    tables = _documented(of)[name]
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
