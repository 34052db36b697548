"""What a server says about a model's versions."""

import dataclasses

from serving.protos import get_model_status_pb2


@dataclasses.dataclass(frozen=True)
class VersionStatus:
    """One version of a model.

    Attributes:
        version: its number.
        state: `"START"`, `"LOADING"`, `"AVAILABLE"`, `"UNLOADING"` or
            `"END"`.
        error: why it could not be loaded, or "".
    """

    version: int
    state: str
    error: str

    @property
    def available(self) -> bool:
        """Whether it can be called."""
        return self.state == "AVAILABLE"


def parse(
    response: get_model_status_pb2.GetModelStatusResponse,
) -> list[VersionStatus]:
    """Reads a server's answer; the highest version comes first."""
    name = get_model_status_pb2.ModelVersionStatus.State.Name
    versions = [
        VersionStatus(
            entry.version, name(entry.state), entry.status.error_message
        )
        for entry in response.model_version_status
    ]
    return sorted(versions, key=lambda v: v.version, reverse=True)
