"""The pipeline compiles for Kubeflow Pipelines v2."""

import json

import pytest

from tests.tfx_pipeline import toy_system

pytest.importorskip("kfp", reason="needs the extra `kubeflow`")


def test_it_compiles_with_all_components(tmp_path, toy_registered):
    from tfx_pipeline import arguments, kubeflow

    args = arguments.parser("", config="").parse_args(
        [f"--pipeline_root={tmp_path}", "--serving_dir=gs://bucket/models"]
    )
    args.image = "registry.example/tfstory:1"
    args.examples_dir = "gs://bucket/examples"
    args.span_pattern = "span-{SPAN}/"
    args.output = str(tmp_path / "pipeline.json")
    kubeflow.compile_pipeline(args, toy_system.config())
    job = json.loads((tmp_path / "pipeline.json").read_text())
    spec = job["pipelineSpec"]
    tasks = spec["root"]["dag"]["tasks"]
    assert {"Trainer", "ExampleGate", "ServingValidator", "Report"} <= set(
        tasks
    )
    executors = spec["deploymentSpec"]["executors"]
    container = executors["ServingValidator_executor"]["container"]
    assert container["image"] == "registry.example/tfstory:1"
    assert (
        "tfx_pipeline.components.serving_validator.Executor"
        in container["args"]
    )
    assert str(tmp_path) not in json.dumps(executors["Pusher_executor"])
