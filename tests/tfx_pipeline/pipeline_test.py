"""The pipeline end to end on a toy system: blessed once, refused once."""

import os
import pathlib
import re

import pytest
import tensorflow as tf

from tests.tfx_pipeline import toy_system
from tfstory import stories
from tfstory.errors import UserError
from tfstory.systems.story_reasoning import asking
from tfstory.text.tokenizer import Tokenizer
from tfx_pipeline import ask, local, pipeline

_COMPONENTS = [
    "ImportExampleGen",
    "ImportSchemaGen",
    "StatisticsGen",
    "ExampleValidator",
    "ExampleGate",
    "Transform",
    "Trainer",
    "ServingValidator",
    "Evaluator",
    "Pusher",
]
_CACHED = set(_COMPONENTS[:6])
_IMPOSSIBLE = 1e-9
_MODEL = "toy_story-toy-3-frames-8-px"


def test_models_of_other_examples_have_other_names():
    config = toy_system.config()
    assert pipeline.name(config) == _MODEL
    names = set()
    for arguments in ({"rows": 1}, {"rows": 2}, {"rows": 2, "seed": 1}):
        with config.unlocked():
            config.data.builder = arguments
        names.add(pipeline.name(config))
    assert len(names) == 3
    assert all(name.startswith(f"{_MODEL}-") for name in names)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("pipeline")


@pytest.fixture(scope="module")
def examples_dir(root):
    return toy_system.write_examples(root / "examples")


@pytest.fixture(scope="module")
def blessed(root, examples_dir, toy_registered):
    """The first run, whose gate every model passes."""
    return local.run(toy_system.config(), str(root / "runs"), examples_dir)


@pytest.fixture(scope="module")
def refused(root, examples_dir, blessed):
    """The second run, whose gate no model passes."""
    config = toy_system.config(l1=_IMPOSSIBLE)
    return local.run(config, str(root / "runs"), examples_dir)


@pytest.fixture(scope="module")
def repeated(root, examples_dir, refused):
    """The second run once more."""
    config = toy_system.config(l1=_IMPOSSIBLE)
    return local.run(config, str(root / "runs"), examples_dir)


def _served_versions(root):
    serving = root / "runs" / "serving" / _MODEL
    return sorted(path.name for path in serving.iterdir())


def test_first_run_is_blessed_and_pushed_to_a_version(blessed, root):
    summary = blessed.summary
    assert summary.blessed, summary.decision
    assert pathlib.Path(summary.pushed_to, "saved_model.pb").exists()
    assert os.path.basename(summary.pushed_to).isdigit()
    assert "no blessed model yet" in summary.warm_start
    assert blessed.model_name == _MODEL
    assert _served_versions(root) == [os.path.basename(summary.pushed_to)]


def test_metrics_are_those_of_hand_made_sums(blessed):
    # From frame 2 to frame 3 every toy picture gets 40/255 brighter.
    (l1, _) = blessed.summary.metrics
    assert l1.baselines["l1_copy_last"] == pytest.approx(40 / 255, rel=1e-4)
    assert 0 < l1.value < 40 / 255
    assert l1.last is None
    assert blessed.summary.examples == 8
    assert blessed.summary.splits == {"train": 24, "validation": 8, "test": 8}


def test_slices_are_by_source_and_story_length(blessed):
    assert {
        title: values["example_count"]
        for title, values in blessed.summary.slices.items()
    } == {
        "source: dots": 4,
        "source: lines": 4,
        "story_length: 3": 4,
        "story_length: 4": 4,
    }


def test_transform_makes_the_tokens_that_serving_makes(blessed, root):
    (vocabulary,) = (root / "runs").glob(
        "Transform/transform_graph/*/transform_fn/assets/vocabulary"
    )
    tokenizer = Tokenizer(str(vocabulary), 6)
    assert {b"dot", b"goes", b"2"} <= set(vocabulary.read_bytes().split())
    files = (root / "runs").glob(
        "Transform/transformed_examples/*/Split-test/*"
    )
    for record in tf.data.TFRecordDataset(
        [str(path) for path in files], compression_type="GZIP"
    ):
        parsed = tf.io.parse_single_example(
            record,
            {
                stories.SENTENCES: tf.io.FixedLenFeature([3], tf.string),
                "tokens": tf.io.FixedLenFeature([3, 6], tf.int64),
            },
        )
        expected = tokenizer.tokenize(parsed[stories.SENTENCES]).numpy()
        assert parsed["tokens"].numpy().tolist() == expected.tolist()


def test_unfinished_training_is_cleared_away(blessed, root):
    assert list((root / "runs" / "training").iterdir()) == []


def test_a_real_server_was_asked(blessed):
    (latency,) = blessed.summary.latency_ms.values()
    assert 0 < latency < 5000


def test_report_has_curves_samples_and_timings(blessed):
    page = pathlib.Path(blessed.report).read_text()
    assert page.count("data:image/png;base64,") >= 2
    timed = [timing.component for timing in blessed.summary.timings]
    assert [name for name in timed if name in _COMPONENTS] == _COMPONENTS


def test_the_pushed_model_answers_over_grpc(blessed, root, examples_dir):
    answer = ask.ask(
        toy_system.config(),
        os.path.dirname(blessed.summary.pushed_to),
        blessed.model_name,
        examples_dir,
        str(root),
    )
    assert "-> a dot goes on 1\n" in answer
    assert "(really: a dot goes on 2)" in answer
    strip = tf.io.decode_png((root / asking.STRIP).read_bytes())
    assert strip.shape[1] > 4 * strip.shape[0] / 3


def test_second_run_is_refused_by_the_metric_that_failed(refused, root):
    summary = refused.summary
    assert not summary.blessed
    (reason,) = summary.refusals
    assert re.fullmatch(r"l1 is 0\.\d+, and must be at most 1e-09", reason)
    assert summary.pushed_to == ""
    assert len(_served_versions(root)) == 1
    assert reason in pathlib.Path(refused.report).read_text()


def test_second_run_starts_from_the_blessed_model(blessed, refused):
    assert blessed.summary.model_dir in refused.summary.warm_start
    before, after = blessed.summary.metrics[0], refused.summary.metrics[0]
    assert after.last == pytest.approx(before.value, rel=1e-5)
    assert after.value < before.value


def test_second_run_takes_unchanged_outputs_from_the_cache(refused):
    cached = {t.component: t.cached for t in refused.summary.timings}
    assert {name for name in _COMPONENTS if cached[name]} == _CACHED


def test_only_the_report_of_the_same_run_again_is_new(refused, repeated):
    timings = repeated.summary.timings
    cached = {t.component: t.cached for t in timings}
    assert all(cached[name] for name in _COMPONENTS)
    assert repeated.report != refused.report
    assert repeated.summary.started > refused.summary.started
    assert repeated.summary.refusals == refused.summary.refusals


def test_a_gate_without_a_metric_fails_before_anything_runs(
    root, examples_dir, toy_registered
):
    with pytest.raises(UserError, match="'fid' is no metric"):
        local.run(toy_system.config(fid=1.0), str(root / "other"), examples_dir)
    assert not (root / "other" / "metadata.sqlite").exists()
