"""Transform's vocabulary and tokens are those of training."""

import functools

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from tensorflow_transform.tf_metadata import dataset_metadata, schema_utils

from tfstory.text import vocabulary
from tfstory.text.tokenizer import Tokenizer
from tfx_pipeline import transform_fn

CONFIG = {
    "text_feature": "sentences",
    "vocabulary_size": 120,
    "min_word_count": 2,
    "max_tokens": 8,
}
SPLITTERS = ("words", "blanks")


def _sentences():
    """More words than are always kept: some twice, some once, some often."""
    words = [f"w{i}" for i in range(108)]
    once, twice = words[:12], words[12:]
    bag = once + twice * 2 + words[-30:] * 3
    return [
        [" ".join(bag[start : start + 3]), "the <unk> end."]
        for start in range(0, len(bag), 3)
    ]


@pytest.fixture(scope="module", params=SPLITTERS)
def transformed(request, tmp_path_factory):
    directory = tmp_path_factory.mktemp("transform")
    metadata = dataset_metadata.DatasetMetadata(
        schema_utils.schema_from_feature_spec(
            {"sentences": tf.io.FixedLenFeature([2], tf.string)}
        )
    )
    data = [{"sentences": np.array(pair, object)} for pair in _sentences()]
    with tft_beam.Context(temp_dir=str(directory / "tmp")):
        (rows, _), function = (
            data,
            metadata,
        ) | tft_beam.AnalyzeAndTransformDataset(
            functools.partial(
                transform_fn.preprocessing_fn,
                custom_config={**CONFIG, "splitter": request.param},
            )
        )
        function | tft_beam.WriteTransformFn(str(directory / "graph"))
    output = tft.TFTransformOutput(str(directory / "graph"))
    path = output.vocabulary_file_by_name(transform_fn.VOCABULARY)
    return rows, path, request.param


def test_the_vocabulary_is_the_one_that_training_makes(transformed, tmp_path):
    _, path, splitter = transformed
    dataset = tf.data.Dataset.from_tensor_slices(_sentences()).batch(7)
    expected = str(tmp_path / "vocabulary.txt")
    vocabulary.write(
        expected,
        vocabulary.count_words(dataset, splitter),
        CONFIG["vocabulary_size"],
        CONFIG["min_word_count"],
    )
    found = vocabulary.read(path)
    assert found == vocabulary.read(expected)
    # The test can tell: some rare words are left out.
    assert vocabulary.ALWAYS_KEPT <= len(found) < 110


def test_tokens_are_those_of_the_tokenizer(transformed):
    rows, path, splitter = transformed
    tokenizer = Tokenizer(path, CONFIG["max_tokens"], splitter)
    tokens = np.stack([row["tokens"] for row in rows])
    np.testing.assert_array_equal(
        tokens, tokenizer.tokenize(tf.constant(_sentences()))
    )
