"""A scheduled run takes the latest span of a growing dataset."""

from tfx.components.example_gen import utils

from tests.tfx_pipeline import toy_system
from tfx_pipeline import pipeline, schema


def _pipeline(tmp_path, **arguments):
    config = toy_system.config()
    return pipeline.create_pipeline(
        pipeline_name="toy",
        pipeline_root=str(tmp_path / "runs"),
        config=config,
        examples_dir=str(tmp_path),
        schema_path=schema.write(config, str(tmp_path / "schema")),
        serving_dir=str(tmp_path / "serving"),
        **arguments,
    )


def _put(directory):
    for split in ("train", "validation", "test"):
        (directory / split).mkdir(parents=True)
        (directory / split / "examples.tfrecord.gz").write_bytes(b"x")


def test_the_latest_span_is_taken(tmp_path):
    for number in (1, 2, 10):
        _put(tmp_path / f"span-{number}")
    splits = list(pipeline._splits("span-{SPAN}/").splits)
    _, span, _ = utils.calculate_splits_fingerprint_span_and_version(
        str(tmp_path), splits
    )
    assert span == 10
    assert [split.pattern for split in splits] == [
        "span-10/train/*.gz",
        "span-10/validation/*.gz",
        "span-10/test/*.gz",
    ]


def test_a_new_gate_leaves_training_cached(tmp_path, toy_registered):
    def trainer_config(**gates):
        made = _pipeline(tmp_path, gates=gates)
        (trainer,) = (c for c in made.components if c.id == "Trainer")
        return trainer.exec_properties["custom_config"]

    assert trainer_config(l1=0.5) == trainer_config(l1=0.1)


def test_beams_arguments_pass_through(tmp_path, toy_registered):
    made = _pipeline(tmp_path, beam_pipeline_args=["--runner=Other"])
    assert made.beam_pipeline_args == ["--runner=Other"]
    assert made.enable_cache
