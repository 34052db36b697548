"""The pipeline: from examples in TFRecords to a blessed, pushed model."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence

import ml_collections
from tfx.components.example_gen.import_example_gen.component import (
    ImportExampleGen,
)
from tfx.components.example_validator.component import ExampleValidator
from tfx.components.pusher.component import Pusher
from tfx.components.schema_gen.import_schema_gen.component import (
    ImportSchemaGen,
)
from tfx.components.statistics_gen.component import StatisticsGen
from tfx.components.trainer.component import Trainer
from tfx.components.transform.component import Transform
from tfx.dsl.components.common.resolver import Resolver
from tfx.dsl.input_resolution.strategies import latest_blessed_model_strategy
from tfx.orchestration import metadata
from tfx.orchestration import pipeline as tfx_pipeline_lib
from tfx.proto import example_gen_pb2, pusher_pb2, trainer_pb2
from tfx.types import Channel, standard_artifacts

from tfstory.commands import config_file
from tfstory.datasets import splits
from tfstory.systems import registry
from tfstory.text import vocabulary
from tfx_pipeline import code_digest
from tfx_pipeline import examples as examples_lib
from tfx_pipeline import gates as gates_lib
from tfx_pipeline.components.evaluator import Evaluator
from tfx_pipeline.components.example_gate import ExampleGate
from tfx_pipeline.components.report import Report
from tfx_pipeline.components.serving_validator import ServingValidator

# Beam's workers stay threads of this process, which saves their start-up. The
# runner by its name, because the default one would first download another.
LOCAL_BEAM_ARGS = (
    "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner",
    "--direct_running_mode=in_memory",
)


def create_pipeline(
    pipeline_name: str,
    pipeline_root: str,
    config: ml_collections.ConfigDict,
    examples_dir: str,
    schema_path: str,
    serving_dir: str,
    *,
    span_pattern: str = "",
    work_dir: str = "",
    metadata_path: str = "",
    gates: Mapping[str, float] | None = None,
    no_worse: Sequence[str] | None = None,
    no_worse_tolerance: float | None = None,
    better_than_baselines: Sequence[str] | None = None,
    latency_budget_ms: float | None = None,
    started: str = "",
    serving_refusals: int = 0,
    beam_pipeline_args: Sequence[str] = LOCAL_BEAM_ARGS,
    enable_cache: bool = True,
) -> tfx_pipeline_lib.Pipeline:
    """Makes the pipeline; everything that can differ is an argument.

    Args:
      pipeline_name: str, names the runs in the metadata store, and the model
        that they make.
      pipeline_root: str, where artifacts go.
      config: the run's config. `config.pipeline` has the defaults of the
        gates and of the latency budget.
      examples_dir: str, gzip-compressed TFRecords of examples in
        `train/`, `validation/` and `test/`. Beside them may lie the dataset's
        report of what it left out.
      schema_path: str, what `tfx_pipeline.schema.write` wrote.
      serving_dir: str, where blessed models go: `<serving_dir>/<version>`.
      span_pattern: str, such as "span-{SPAN}/": the directory of a span
        under `examples_dir`; every run takes the latest. "" without spans.
      work_dir: str, where unfinished training is kept, so that a run that
        was killed goes on; "" keeps it in Trainer's output, which the next
        run does not see.
      metadata_path: str, the SQLite file of ML Metadata, for the local
        runner; "" where the orchestrator brings its own.
      gates: metric name to bound; None takes the config's.
      no_worse: metrics compared with the last blessed model's; None takes
        the config's.
      no_worse_tolerance: by what part of its value such a metric may get
        worse; None takes the config's, or 0.
      better_than_baselines: metrics that must be better than their trivial
        baselines, or single baselines to beat; None takes the config's, or
        none.
      latency_budget_ms: None takes the config's.
      started: str, when the run starts, for the report. Given, the report
        is that of this run, whatever else comes from the cache.
      serving_refusals: int, how often a server's check has refused a model
        here (`runs.serving_refusals`): a refused check is made anew rather
        than taken from the cache, since a busy machine can be its cause.
      beam_pipeline_args: passed to Beam.
      enable_cache: False runs every component anew.

    Returns:
      The pipeline, for any TFX runner.

    Raises:
      UserError: the system is unknown or cannot be made from the config, or
        a gate names none of its metrics.
    """
    system = registry.get(config.system)
    system.check(config)
    settings = config.pipeline
    gates = settings.gates.to_dict() if gates is None else dict(gates)
    if no_worse is None:
        no_worse = settings.no_worse
    if no_worse_tolerance is None:
        no_worse_tolerance = settings.get("no_worse_tolerance", 0.0)
    if better_than_baselines is None:
        better_than_baselines = settings.get("better_than_baselines", ())
    ratios = system.ratios_of(config)
    better_than = gates_lib.comparisons(ratios, better_than_baselines)
    if latency_budget_ms is None:
        latency_budget_ms = settings.latency_budget_ms
    model_config = _without_pipeline(config)

    example_gen = ImportExampleGen(
        input_base=examples_dir, input_config=_splits(span_pattern)
    )
    examples = example_gen.outputs["examples"]
    schema_gen = ImportSchemaGen(schema_file=schema_path)
    schema = schema_gen.outputs["schema"]
    statistics_gen = StatisticsGen(examples=examples, schema=schema)
    statistics = statistics_gen.outputs["statistics"]
    example_validator = ExampleValidator(statistics=statistics, schema=schema)
    anomalies = example_validator.outputs["anomalies"]
    example_gate = ExampleGate(statistics=statistics, anomalies=anomalies)
    transform = Transform(
        examples=examples,
        schema=schema,
        preprocessing_fn="tfx_pipeline.transform_fn.preprocessing_fn",
        custom_config={
            **_transform_config(config, system.text_feature),
            "code": code_digest.digest(code_digest.TRANSFORM),
        },
        # StatisticsGen has counted the same features.
        disable_statistics=True,
        disable_analyzer_cache=True,
    )
    transform.add_upstream_node(example_gate)
    transform_graph = transform.outputs["transform_graph"]
    resolver = Resolver(
        strategy_class=(
            latest_blessed_model_strategy.LatestBlessedModelStrategy
        ),
        model=Channel(type=standard_artifacts.Model),
        model_blessing=Channel(type=standard_artifacts.ModelBlessing),
    ).with_id("latest_blessed_model")
    trainer = Trainer(
        run_fn="tfx_pipeline.trainer_fn.run_fn",
        examples=transform.outputs["transformed_examples"],
        transform_graph=transform_graph,
        base_model=resolver.outputs["model"],
        train_args=trainer_pb2.TrainArgs(splits=[splits.TRAIN]),
        eval_args=trainer_pb2.EvalArgs(splits=[splits.VALIDATION]),
        custom_config={
            "config": model_config,
            "work_dir": work_dir,
            "code": code_digest.digest(code_digest.TRAINER),
        },
    )
    model = trainer.outputs["model"]
    serving_validator = ServingValidator(
        model=model,
        examples=examples,
        transform_graph=transform_graph,
        config=model_config,
        model_name=pipeline_name,
        split=splits.TEST,
        latency_budget_ms=float(latency_budget_ms),
        serving_refusals=serving_refusals,
    )
    evaluator = Evaluator(
        examples=examples,
        model=model,
        baseline_model=resolver.outputs["model"],
        schema=schema,
        infra_blessing=serving_validator.outputs["blessing"],
        example_splits=[splits.TEST],
        eval_config=gates_lib.eval_config(
            ratios,
            gates,
            no_worse,
            no_worse_tolerance,
            system.example_format(config).slices,
        ),
        better_than=better_than,
    )
    pusher = Pusher(
        model=model,
        model_blessing=evaluator.outputs["blessing"],
        infra_blessing=serving_validator.outputs["blessing"],
        push_destination=pusher_pb2.PushDestination(
            filesystem=pusher_pb2.PushDestination.Filesystem(
                base_directory=serving_dir
            )
        ),
    )
    report = Report(
        examples=examples,
        statistics=statistics,
        anomalies=anomalies,
        model=model,
        model_run=trainer.outputs["model_run"],
        evaluation=evaluator.outputs["evaluation"],
        blessing=evaluator.outputs["blessing"],
        infra_blessing=serving_validator.outputs["blessing"],
        pushed_model=pusher.outputs["pushed_model"],
        config=config_file.to_json(config),
        gates=json.dumps(
            gates_lib.in_words(ratios, gates, no_worse, better_than)
        ),
        data_report_path=examples_lib.report_path(
            os.path.join(examples_dir, span_pattern)
        ),
        metadata_path=metadata_path,
        started=started,
    )
    return tfx_pipeline_lib.Pipeline(
        pipeline_name=pipeline_name,
        pipeline_root=pipeline_root,
        components=[
            example_gen,
            statistics_gen,
            schema_gen,
            example_validator,
            example_gate,
            transform,
            resolver,
            trainer,
            serving_validator,
            evaluator,
            pusher,
            report,
        ],
        metadata_connection_config=(
            metadata.sqlite_metadata_connection_config(metadata_path)
            if metadata_path
            else None
        ),
        beam_pipeline_args=list(beam_pipeline_args),
        enable_cache=enable_cache,
    )


def name(config: ml_collections.ConfigDict) -> str:
    """Returns what a config's pipeline is called, and its model.

    Models are compared, and one starts from another, within a name. Those
    that read other examples, or measure on pictures of another size, are not
    to be compared: frames and image size are part of it where there are any,
    and so is a digest of the dataset's arguments and of what tokens are.
    """
    data = config.data
    parts = [config.system, data.dataset]
    if "frames" in data:
        parts.append(f"{data.frames}-frames")
    if "image_size" in data:
        parts.append(f"{data.image_size}-px")
    arguments = data.builder.to_dict() if "builder" in data else {}
    if "splitter" in data:
        # Perplexities of words and of characters are not to be compared.
        arguments["splitter"] = data.splitter
        arguments["vocabulary_size"] = data.vocabulary_size
    if arguments:
        text = json.dumps(arguments, sort_keys=True, default=str)
        parts.append(hashlib.sha256(text.encode()).hexdigest()[:8])
    return "-".join(parts)


def _splits(span_pattern: str) -> example_gen_pb2.Input:
    return example_gen_pb2.Input(
        splits=[
            example_gen_pb2.Input.Split(
                name=split, pattern=os.path.join(span_pattern, split, "*.gz")
            )
            for split in splits.SPLITS
        ]
    )


def _transform_config(
    config: ml_collections.ConfigDict, text_feature: str
) -> dict:
    # Only what Transform uses: its cache holds while the rest changes.
    if not text_feature:
        return {"text_feature": ""}
    return {
        "text_feature": text_feature,
        "vocabulary_size": config.data.vocabulary_size,
        "min_word_count": config.data.get(
            "min_word_count", vocabulary.MIN_COUNT
        ),
        "max_tokens": config.data.max_tokens,
        "splitter": config.data.get("splitter", "words"),
    }


def _without_pipeline(config: ml_collections.ConfigDict) -> str:
    # A new gate is no reason to train again.
    kept = config.to_dict()
    kept.pop("pipeline")
    return config_file.to_json(ml_collections.ConfigDict(kept))
