"""What the project's own components share: their spec and their inputs."""

import abc
from collections.abc import Mapping
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, base_executor, executor_spec
from tfx.types import artifact_utils, component_spec

Artifacts = dict[str, list[types.Artifact]]


class Executor(base_executor.BaseExecutor):
    """Runs a component whose channels each hold one artifact."""

    def Do(
        self,
        input_dict: Artifacts,
        output_dict: Artifacts,
        exec_properties: dict[str, Any],
    ) -> None:
        """Called by TFX."""
        self.run(_single(input_dict), _single(output_dict), exec_properties)

    @abc.abstractmethod
    def run(
        self,
        inputs: Mapping[str, types.Artifact],
        outputs: Mapping[str, types.Artifact],
        parameters: Mapping[str, Any],
    ) -> None:
        """Does the component's work.

        Args:
          inputs: those of `Component.INPUTS`.
          outputs: those of `Component.OUTPUTS`, to be filled.
          parameters: those of `Component.PARAMETERS`.
        """


class Component(base_component.BaseComponent):
    """A component that is told by class attributes.

    It is made with a channel an input and a value a parameter, by name; its
    output channels make themselves.

    Attributes:
      EXECUTOR: subclass of `Executor`.
      INPUTS: name to artifact type.
      OUTPUTS: name to artifact type.
      PARAMETERS: name to type: str, int or float.
    """

    EXECUTOR: ClassVar[type[Executor]]
    INPUTS: ClassVar[Mapping[str, type[types.Artifact]]] = {}
    OUTPUTS: ClassVar[Mapping[str, type[types.Artifact]]] = {}
    PARAMETERS: ClassVar[Mapping[str, type]] = {}

    def __init_subclass__(cls):
        super().__init_subclass__()
        cls.SPEC_CLASS = type(
            f"{cls.__name__}Spec",
            (types.ComponentSpec,),
            {
                "INPUTS": _channels(cls.INPUTS),
                "OUTPUTS": _channels(cls.OUTPUTS),
                "PARAMETERS": {
                    name: component_spec.ExecutionParameter(type=kind)
                    for name, kind in cls.PARAMETERS.items()
                },
            },
        )
        cls.EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(cls.EXECUTOR)

    def __init__(self, **arguments: Any):
        outputs = {
            name: types.Channel(type=kind)
            for name, kind in self.OUTPUTS.items()
        }
        super().__init__(self.SPEC_CLASS(**arguments, **outputs))


def _channels(kinds: Mapping[str, type[types.Artifact]]) -> dict[str, Any]:
    return {
        name: component_spec.ChannelParameter(type=kind)
        for name, kind in kinds.items()
    }


def _single(artifacts: Artifacts) -> dict[str, types.Artifact]:
    return {
        name: artifact_utils.get_single_instance(found)
        for name, found in artifacts.items()
    }
