"""The signature tables of serving/README.md against real exports."""

import pathlib
import re

import pytest
import tensorflow as tf

from tests.systems.attribute_classifier import tiny as attribute_classifier
from tests.systems.face_gan import tiny as face_gan
from tests.systems.gaussian_gan import small as gaussian_gan
from tests.systems.policy import tiny as policy
from tests.systems.story_gan import tiny as story_gan
from tests.systems.story_matcher import tiny as story_matcher
from tests.systems.story_reasoning import tiny
from tfstory.export import saved_model
from tfstory.systems import registry

README = pathlib.Path(__file__).parents[2] / "serving" / "README.md"
# Title to the sizes that its tables name: those that are free, and the
# default config's for the tests'.
SYSTEMS = {
    "StoryReasoning": {"B": None, "4": tiny.FRAMES - 1, "384": 12},
    "StoryGAN": {"B": None, "T": None, "5": story_gan.FRAMES},
    "GaussianGan": {"B": None, "N": None, "S": None},
    "FaceGan": {"B": None, "N": None, "S": None},
    "AttributeClassifier": {"B": None, "49": 49},
    "StoryMatcher": {
        "B": None,
        "T": None,
        "5": story_matcher.FRAMES,
        "128": story_matcher.JOINT_SIZE,
    },
    "TextGan": {"B": None, "N": None, "L": None},
    "SeqGan": {"B": None, "N": None, "L": None, "20": policy.LENGTH},
}
# The export that takes the least time to make.
LOADED = "GaussianGan"


def _documented(title):
    """Returns signature -> "Inputs"/"Outputs" -> name -> (type, shape)."""
    section = README.read_text().partition(f"## Signatures of {title}\n")[2]
    section = section.partition("\n## ")[0]
    result = {}
    for part in section.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        tables = {}
        for heading, rows in re.findall(
            r"(Inputs|Outputs):\n\n((?:\|.*\n)+)", body
        ):
            cells = [
                [cell.strip() for cell in row.strip("|").split("|")]
                for row in rows.splitlines()[2:]
            ]
            tables[heading] = {
                row[0].strip("`"): (row[1], _shape(row[2], SYSTEMS[title]))
                for row in cells
            }
        result[name.strip("` ")] = tables
    return result


def _shape(text, known):
    sizes = text.strip("[]").split(",")
    return [known[size.strip()] for size in sizes if size]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """System's title to its signatures, and the system.

    One's are those of an export that was loaded, the others' those that an
    export would write.
    """
    directory = tmp_path_factory.mktemp("documented")
    systems = {
        "StoryReasoning": tiny.system(directory),
        "StoryGAN": story_gan.system(directory),
        "GaussianGan": gaussian_gan.system("remedy"),
        "FaceGan": face_gan.system(),
        "AttributeClassifier": attribute_classifier.system(),
        "StoryMatcher": story_matcher.system(directory),
        "TextGan": policy.text_gan(tmp_path_factory.mktemp("words")),
        "SeqGan": policy.seq_gan(),
    }
    signatures = {
        title: saved_model.signatures(system)
        for title, system in systems.items()
    }
    path = saved_model.export(systems[LOADED], str(directory / "models"))
    signatures[LOADED] = tf.saved_model.load(path).signatures
    return {title: (signatures[title], systems[title]) for title in SYSTEMS}


def test_every_system_has_its_section():
    titles = {title.lower() for title in SYSTEMS}
    assert titles == {name.replace("_", "") for name in registry.names()}


@pytest.mark.parametrize("title", SYSTEMS)
def test_the_same_signatures(served, title):
    signatures, _ = served[title]
    assert set(_documented(title)) == set(signatures)


@pytest.mark.parametrize(
    ("title", "name"),
    [(title, name) for title in SYSTEMS for name in sorted(_documented(title))],
)
def test_names_types_and_shapes(served, title, name):
    signatures, system = served[title]
    signature = signatures[name]
    if hasattr(signature, "get_concrete_function"):
        signature = signature.get_concrete_function()
    tables = _documented(title)[name]
    given, named = signature.structured_input_signature
    inputs = {
        spec.name: (spec.dtype.name, spec.shape.as_list())
        for spec in (*given, *named.values())
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
