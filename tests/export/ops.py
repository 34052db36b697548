"""Finds ops in an export that TF Serving's binary does not have."""

import pathlib
import re

import tensorflow as tf

_TEXT_OPS = {"NormalizeUTF8", "CaseFoldUTF8", "RegexSplitWithOffsets"}


def unservable(version_dir: str) -> set[str]:
    """Returns ops that are neither core TensorFlow's nor tensorflow-text's.

    Args:
      version_dir: str, the SavedModel's directory.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    message = saved_model_pb2.SavedModel()
    message.ParseFromString(
        pathlib.Path(version_dir, "saved_model.pb").read_bytes()
    )
    ops = set()
    for meta in message.meta_graphs:
        ops.update(node.op for node in meta.graph_def.node)
        for function in meta.graph_def.library.function:
            ops.update(node.op for node in function.node_def)
    return {
        op
        for op in ops
        if re.match("PyFunc|EagerPy|Cudnn|Xla", op)
        or not (
            hasattr(tf.raw_ops, op)
            or op in _TEXT_OPS
            or re.match(r"__inference|__forward", op)
        )
    }
