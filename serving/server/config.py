"""The models to serve, read and checked as TF Serving does."""

import dataclasses
import pathlib

from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2 as config_pb2

from serving.server import status


@dataclasses.dataclass(frozen=True)
class VersionPolicy:
    """Which of the versions found are served.

    Attributes:
        kind: `"latest"`, `"all"` or `"specific"`.
        latest: how many of the highest versions `"latest"` serves.
        specific: the versions that `"specific"` serves.
    """

    kind: str = "latest"
    latest: int = 1
    specific: frozenset[int] = frozenset()

    def choose(self, found: set[int]) -> set[int]:
        """Returns those of the versions found that are to be served."""
        if self.kind == "all":
            return set(found)
        if self.kind == "specific":
            return found & self.specific
        return set(sorted(found, reverse=True)[: self.latest])


@dataclasses.dataclass(frozen=True)
class ModelSettings:
    """One model: where its versions lie and which of them are served.

    Attributes:
        name: as requests call it.
        base_path: folder of the version folders `1/`, `2/`, ...
        policy: which versions are served.
        labels: version labels and the versions that they stand for.
    """

    name: str
    base_path: pathlib.Path
    policy: VersionPolicy = VersionPolicy()
    labels: dict[str, int] = dataclasses.field(default_factory=dict)


def read(path: pathlib.Path) -> list[ModelSettings]:
    """Reads a `models.config`, the text form of a `ModelServerConfig`.

    Raises:
        StatusError: the file cannot be read or says something unusable.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise status.not_found(f"Cannot read {path}: {error}.") from error
    try:
        config = text_format.Parse(text, config_pb2.ModelServerConfig())
    except text_format.ParseError as error:
        raise status.invalid_argument(
            f"Invalid protobuf file {path}: {error}."
        ) from error
    return settings(config)


def settings(config: config_pb2.ModelServerConfig) -> list[ModelSettings]:
    """Returns the models that a configuration lists.

    Raises:
        StatusError: it is no model list, or an entry is unusable.
    """
    if config.WhichOneof("config") != "model_config_list":
        raise status.invalid_argument(
            "ServerModelConfig type not supported: only model_config_list is."
        )
    models = [_model(entry) for entry in config.model_config_list.config]
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise status.invalid_argument(
                f"Illegal to list model {name} multiple times in config list."
            )
    return models


def _model(entry: config_pb2.ModelConfig) -> ModelSettings:
    if not entry.name:
        raise status.invalid_argument("A model in the config has no name.")
    legacy = entry.model_type == config_pb2.TENSORFLOW
    if entry.model_platform != "tensorflow" and not (
        legacy and not entry.model_platform
    ):
        raise status.invalid_argument(
            f"Model {entry.name} requests unsupported platform "
            f"'{entry.model_platform}'; set model_platform: 'tensorflow'."
        )
    base_path = pathlib.Path(entry.base_path)
    if not base_path.is_absolute():
        raise status.invalid_argument(
            f"Expected model {entry.name} to have an absolute path; got "
            f"base_path()={entry.base_path}"
        )
    return ModelSettings(
        name=entry.name,
        base_path=base_path,
        policy=_policy(entry.model_version_policy),
        labels=dict(entry.version_labels),
    )


def _policy(proto) -> VersionPolicy:
    kind = proto.WhichOneof("policy_choice") or "latest"
    return VersionPolicy(
        kind=kind,
        latest=max(proto.latest.num_versions, 1),
        specific=frozenset(proto.specific.versions),
    )
