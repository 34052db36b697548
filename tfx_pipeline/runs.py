"""What ML Metadata knows of a local run."""

import os

from ml_metadata import metadata_store
from ml_metadata.proto import metadata_store_pb2
from tfx.types import standard_artifacts

from tfx_pipeline.summary import Timing

_RUN_CONTEXT = "pipeline_run"
_NODE_CONTEXT = "node"


def timings(metadata_path: str, run_id: str) -> list[Timing]:
    """Returns what each component of a run took, in order.

    Args:
      metadata_path: str, the SQLite file.
      run_id: str, the run.
    """
    store = _store(metadata_path)
    context = store.get_context_by_type_and_name(_RUN_CONTEXT, run_id)
    rows = []
    for execution in store.get_executions_by_context(context.id):
        milliseconds = (
            execution.last_update_time_since_epoch
            - execution.create_time_since_epoch
        )
        state = metadata_store_pb2.Execution
        if execution.last_known_state not in (state.COMPLETE, state.CACHED):
            continue
        rows.append(
            (
                execution.id,
                Timing(
                    component=_node(store, execution.id),
                    seconds=round(milliseconds / 1000, 1),
                    cached=execution.last_known_state == state.CACHED,
                ),
            )
        )
    return [timing for _, timing in sorted(rows, key=lambda row: row[0])]


def last_report(metadata_path: str, type_name: str) -> str:
    """Returns the directory of the latest run's report.

    Args:
      metadata_path: str, the SQLite file.
      type_name: str, the report artifact's type.
    """
    store = _store(metadata_path)
    runs = store.get_contexts_by_type(_RUN_CONTEXT)
    latest = max(runs, key=lambda run: run.id)
    reports = [
        artifact
        for artifact in store.get_artifacts_by_context(latest.id)
        if artifact.type == type_name
    ]
    return reports[-1].uri


def serving_refusals(metadata_path: str) -> int:
    """Returns how often a server's check has refused a model so far.

    Args:
      metadata_path: str, the SQLite file; there may be none yet.
    """
    if not os.path.exists(metadata_path):
        return 0
    blessings = _store(metadata_path).get_artifacts_by_type(
        standard_artifacts.InfraBlessing.TYPE_NAME
    )
    return sum(
        blessing.custom_properties["blessed"].int_value == 0
        for blessing in blessings
        if "blessed" in blessing.custom_properties
    )


def _node(store: metadata_store.MetadataStore, execution_id: int) -> str:
    for context in store.get_contexts_by_execution(execution_id):
        if context.type == _NODE_CONTEXT:
            return context.name.rsplit(".", 1)[-1]
    return "?"


def _store(path: str) -> metadata_store.MetadataStore:
    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = os.path.abspath(path)
    config.sqlite.connection_mode = (
        metadata_store_pb2.SqliteMetadataSourceConfig.READONLY
    )
    return metadata_store.MetadataStore(config)
