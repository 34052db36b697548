"""TFX's Evaluator, and what TFMA's thresholds cannot say."""

import json
import os
from collections.abc import Sequence

import tensorflow as tf
import tensorflow_model_analysis as tfma
from tfx import types
from tfx.components.evaluator import constants
from tfx.components.evaluator import executor as tfx_evaluator
from tfx.components.util import model_utils
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import (
    artifact_utils,
    component_spec,
    standard_artifacts,
    standard_component_specs,
)
from tfx.utils import io_utils

from tfx_pipeline import evaluation as evaluation_lib
from tfx_pipeline import gates
from tfx_pipeline.components import base

DECISION_FILE = "decision.json"
_BETTER_THAN = "better_than"
_INFRA_BLESSING = "infra_blessing"


class Executor(tfx_evaluator.Executor):
    """Evaluates as TFX does, then blesses what may be pushed and no other.

    TFX takes the last blessed model by this blessing alone: to start from and
    to compare with. So it also stands for the serving validator.
    """

    def Do(
        self,
        input_dict: base.Artifacts,
        output_dict: base.Artifacts,
        exec_properties: dict[str, object],
    ) -> None:
        """Called by TFX; leaves `decision.json` beside the blessing."""
        super().Do(input_dict, output_dict, exec_properties)
        evaluation = evaluation_lib.read(
            artifact_utils.get_single_uri(
                output_dict[standard_component_specs.EVALUATION_KEY]
            )
        )
        refusals = [
            *evaluation.failures,
            *gates.not_beaten(
                evaluation.slices.get(evaluation_lib.OVERALL, {}),
                [
                    gates.Comparison(*row)
                    for row in json.loads(exec_properties[_BETTER_THAN])
                ],
            ),
        ]
        served = model_utils.is_infra_validated(
            artifact_utils.get_single_instance(input_dict[_INFRA_BLESSING])
        )
        blessing = artifact_utils.get_single_instance(
            output_dict[standard_component_specs.BLESSING_KEY]
        )
        _bless(blessing, served and not refusals)
        io_utils.write_string_file(
            os.path.join(blessing.uri, DECISION_FILE),
            json.dumps({"refusals": refusals, "notes": evaluation.notes}),
        )


def _bless(blessing: types.Artifact, blessed: bool) -> None:
    """Replaces what TFX's Evaluator has decided."""
    names = {
        False: constants.NOT_BLESSED_FILE_NAME,
        True: constants.BLESSED_FILE_NAME,
    }
    other = os.path.join(blessing.uri, names[not blessed])
    if tf.io.gfile.exists(other):
        tf.io.gfile.remove(other)
    io_utils.write_string_file(os.path.join(blessing.uri, names[blessed]), "")
    blessing.set_int_custom_property(
        constants.ARTIFACT_PROPERTY_BLESSED_KEY,
        constants.BLESSED_VALUE if blessed else constants.NOT_BLESSED_VALUE,
    )


class EvaluatorSpec(standard_component_specs.EvaluatorSpec):
    """TFX's, and the serving validator's blessing."""

    PARAMETERS = {
        **standard_component_specs.EvaluatorSpec.PARAMETERS,
        _BETTER_THAN: component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        **standard_component_specs.EvaluatorSpec.INPUTS,
        _INFRA_BLESSING: component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
    }


class Evaluator(base_beam_component.BaseBeamComponent):
    """Blesses a model that is good enough and that a server serves well.

    Args:
      examples: channel of raw `Examples`.
      model: channel of `Model`.
      baseline_model: channel of the last blessed `Model`, which may be empty.
      schema: channel of `Schema`.
      infra_blessing: channel of ServingValidator's `InfraBlessing`.
      example_splits: the splits to evaluate on.
      eval_config: what `gates.eval_config` returns.
      better_than: what `gates.comparisons` returns.
    """

    SPEC_CLASS = EvaluatorSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        examples: types.BaseChannel,
        model: types.BaseChannel,
        baseline_model: types.BaseChannel,
        schema: types.BaseChannel,
        infra_blessing: types.BaseChannel,
        example_splits: Sequence[str],
        eval_config: tfma.EvalConfig,
        better_than: Sequence[gates.Comparison],
    ):
        super().__init__(
            EvaluatorSpec(
                examples=examples,
                model=model,
                baseline_model=baseline_model,
                schema=schema,
                infra_blessing=infra_blessing,
                example_splits=json.dumps(list(example_splits)),
                eval_config=eval_config,
                better_than=json.dumps(list(better_than)),
                evaluation=types.Channel(
                    type=standard_artifacts.ModelEvaluation
                ),
                blessing=types.Channel(type=standard_artifacts.ModelBlessing),
            )
        )
