"""A scheduled run takes the latest span of a growing dataset."""

from tfx.components.example_gen import utils

from tests.tfx_pipeline import toy_system
from tfstory import stories
from tfx_pipeline import examples, pipeline, schema


def _pipeline(tmp_path, **arguments):
    config = toy_system.config()
    return pipeline.create_pipeline(
        pipeline_name="toy",
        pipeline_root=str(tmp_path / "runs"),
        config=config,
        examples_dir=str(tmp_path),
        schema_path=schema.write(
            stories.example_format(toy_system.FRAMES), str(tmp_path / "schema")
        ),
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
    splits = list(pipeline._splits(examples.SPAN_PATTERN).splits)
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


def test_the_report_reads_what_its_span_left_out(tmp_path, toy_registered):
    made = _pipeline(tmp_path, span_pattern=examples.SPAN_PATTERN)
    (report,) = (c for c in made.components if c.id == "Report")
    assert report.exec_properties["data_report_path"] == str(
        tmp_path / "span-{SPAN}" / "report.json"
    )


def test_the_report_alone_is_another_in_every_run(tmp_path, toy_registered):
    def properties(started):
        made = _pipeline(tmp_path, started=started)
        return {c.id: str(c.exec_properties) for c in made.components}

    first, second = properties("09:30"), properties("09:45")
    assert {name for name in first if first[name] != second[name]} == {"Report"}


def test_beating_the_baselines_is_asked_for_by_argument_or_config(
    tmp_path, toy_registered
):
    def better_than(**arguments):
        made = _pipeline(tmp_path, **arguments)
        (evaluator,) = (c for c in made.components if c.id == "Evaluator")
        return evaluator.exec_properties["better_than"]

    assert better_than() == '[["l1", "l1_copy_last", false]]'
    assert better_than(better_than_baselines=[]) == "[]"
