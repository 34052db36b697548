"""Compiles the pipeline for Kubeflow Pipelines v2 and Vertex AI."""

import argparse
import os

import ml_collections

from tfstory.errors import UserError


def compile_pipeline(
    args: argparse.Namespace, config: ml_collections.ConfigDict
) -> None:
    """Writes `args.output`, a pipeline job as JSON.

    Args:
      args: flags of `tfx_pipeline.run`. `pipeline_root`, `examples_dir` and
        `serving_dir` must be places that the cluster reaches; `image` holds
        tfstory and its pipeline extra.
      config: the run's config.

    Raises:
      UserError: a flag is missing, or Kubeflow's packages are.
    """
    for flag in ("image", "examples_dir", "serving_dir"):
        if not getattr(args, flag):
            raise UserError(
                f"--runner=kubeflow needs --{flag}: nothing of this machine "
                "is there when the cluster runs the pipeline"
            )
    try:
        from tfx.orchestration.kubeflow.v2 import kubeflow_v2_dag_runner
    except ImportError as error:
        raise UserError(
            f"Kubeflow's packages are missing ({error}); install the extra "
            "`kubeflow`, which brings kfp"
        ) from error

    from tfstory.systems import registry
    from tfx_pipeline import pipeline as pipeline_lib
    from tfx_pipeline import schema

    pipeline = pipeline_lib.create_pipeline(
        pipeline_name=(args.model_name or pipeline_lib.name(config)).replace(
            "_", "-"
        ),
        pipeline_root=args.pipeline_root,
        config=config,
        examples_dir=args.examples_dir,
        schema_path=schema.write(
            registry.get(config.system).example_format(config),
            os.path.join(args.pipeline_root, "schema"),
        ),
        serving_dir=args.serving_dir,
        span_pattern=args.span_pattern,
        beam_pipeline_args=args.beam_pipeline_args,
        enable_cache=not args.force,
    )
    runner = kubeflow_v2_dag_runner.KubeflowV2DagRunner(
        config=kubeflow_v2_dag_runner.KubeflowV2DagRunnerConfig(
            default_image=args.image
        ),
        output_dir=os.path.dirname(os.path.abspath(args.output)),
        output_filename=os.path.basename(args.output),
    )
    runner.run(pipeline)
