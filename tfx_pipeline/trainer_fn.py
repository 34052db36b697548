"""What Trainer does: all of a system's stages, and the export."""

import contextlib
import hashlib
import json
import os
import time
from typing import Any

import ml_collections
import tensorflow as tf
import tensorflow_transform as tft
from absl import logging
from tfx.utils import io_utils

from tfstory import locks
from tfstory.commands import config_file
from tfstory.commands import workdir as workdirs
from tfstory.export import saved_model
from tfstory.training import runner, setup
from tfstory.training import strategy as strategies
from tfx_pipeline import transform_fn

# What the report reads of how training began, beside the runner's files.
WARM_START_FILE = "warm_start.json"
# A week: whoever means to go on with a training that was killed does so before.
_ABANDONED_SECONDS = 7 * 24 * 3600
_PARSE_BATCH = 64
_WARM_UP_EXAMPLES = 4


def run_fn(fn_args: Any) -> None:
    """Trains, and exports to `fn_args.serving_model_dir`.

    Args:
      fn_args: `tfx.components.FnArgs`. Its `custom_config` has `config`, the
        run's config as JSON; `code`, a digest of the code; and
        `work_dir`: where unfinished training is kept. TFX gives every
        attempt a new output directory; the one made here is named by what
        goes into the training, so that a run that was killed goes on where
        it stopped. "" trains in the output directory.

    Raises:
      UserError: another process is at this very training.
    """
    config = config_file.from_json(fn_args.custom_config["config"])
    workdir = _workdir(fn_args)
    if workdir == fn_args.model_run_dir:  # This attempt's own.
        tf.io.gfile.makedirs(workdir)
        _train_and_export(fn_args, config, workdir)
        return
    with locks.training(workdir):
        _clear_abandoned(os.path.dirname(workdir), keep=workdir)
        _train_and_export(fn_args, config, workdir)
        _move(workdir, fn_args.model_run_dir)


def _train_and_export(
    fn_args: Any, config: ml_collections.ConfigDict, workdir: str
) -> None:
    transform = tft.TFTransformOutput(fn_args.transform_graph_path)
    vocabulary_path = workdirs.vocabulary_path(workdir, config)
    if vocabulary_path:
        tf.io.gfile.copy(
            transform.vocabulary_file_by_name(transform_fn.VOCABULARY),
            vocabulary_path,
            overwrite=True,
        )
    strategy = strategies.choose(config)
    system = setup.create(config, strategy, vocabulary_path)
    _warm_start(system, strategy, fn_args.base_model, workdir)
    train, validation = (
        examples(patterns, transform)
        for patterns in (fn_args.train_files, fn_args.eval_files)
    )
    runner.train(system, strategy, train, validation, workdir)
    # The export computes in float32 on one device, as a server does.
    system, _ = setup.restore(config, vocabulary_path, workdir)
    warm_up = next(validation.batch(_WARM_UP_EXAMPLES).as_numpy_iterator())
    saved_model.export_to(system, fn_args.serving_model_dir, warm_up)


def examples(
    patterns: list[str], transform: tft.TFTransformOutput
) -> tf.data.Dataset:
    """Returns transformed examples, unbatched, in a fixed order.

    Args:
      patterns: of gzip-compressed TFRecord files.
      transform: tells how to parse them.

    Returns:
      Feature name to tensor; the raw features of `System.parse`, and
      `tokens`, int32 `[frames, max_tokens]`.
    """
    spec = transform.transformed_feature_spec()

    def parse(serialized: tf.Tensor) -> dict[str, tf.Tensor]:
        features = tf.io.parse_example(serialized, spec)
        if transform_fn.TOKENS in features:
            features[transform_fn.TOKENS] = tf.cast(
                features[transform_fn.TOKENS], tf.int32
            )
        return features

    files = sorted(
        path for pattern in patterns for path in tf.io.gfile.glob(pattern)
    )
    return (
        tf.data.TFRecordDataset(files, compression_type="GZIP")
        .batch(_PARSE_BATCH)
        .map(parse, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .unbatch()
    )


def _workdir(fn_args: Any) -> str:
    work_dir = fn_args.custom_config["work_dir"]
    if not work_dir:
        return fn_args.model_run_dir
    what = [
        fn_args.custom_config["config"],
        fn_args.custom_config["code"],
        fn_args.train_files,
        fn_args.eval_files,
        fn_args.transform_graph_path,
        fn_args.base_model,
    ]
    digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()
    return os.path.join(work_dir, digest[:16])


def _warm_start(
    system: Any,
    strategy: tf.distribute.Strategy,
    base_model: str | None,
    workdir: str,
) -> None:
    outcome = "from scratch, there is no blessed model yet"
    if base_model:
        with strategy.scope():
            left = system.warm_start(base_model)
        outcome = f"from the last blessed model, {base_model}"
        if left:
            outcome += f" (without {', '.join(left)}, which have changed)"
    logging.info("Training starts %s.", outcome)
    path = os.path.join(workdir, WARM_START_FILE)
    with tf.io.gfile.GFile(path, "w") as file:
        json.dump({"outcome": outcome}, file)


def _clear_abandoned(work_dir: str, keep: str) -> None:
    """Removes what other trainings left unfinished and nobody went on with.

    By age alone: another run may be training there at this moment.
    """
    for name in tf.io.gfile.listdir(work_dir):
        path = os.path.join(work_dir, name.strip("/"))
        age = time.time() - _last_change(path)
        if path != keep and age > _ABANDONED_SECONDS:
            logging.info("Removing the abandoned training %s.", path)
            # Another run may be clearing it at this moment.
            with contextlib.suppress(tf.errors.NotFoundError):
                tf.io.gfile.rmtree(path)


def _last_change(directory: str) -> float:
    """Returns when something in a directory was last written, in seconds.

    What vanishes meanwhile does not count; where all has, it is now.
    """
    paths = [directory]
    for parent, _, names in tf.io.gfile.walk(directory):
        paths += [parent, *(os.path.join(parent, name) for name in names)]
    times = []
    for path in paths:
        with contextlib.suppress(tf.errors.NotFoundError):
            times.append(tf.io.gfile.stat(path).mtime_nsec / 1e9)
    return max(times, default=time.time())


def _move(source: str, target: str) -> None:
    """Moves a directory into an empty one; half of it is never left behind."""
    try:
        os.rename(source, target)
    except OSError:  # On another file system.
        io_utils.copy_dir(source, target)
        aside = f"{source}.moved-{time.time_ns()}"
        tf.io.gfile.rename(source, aside)
        tf.io.gfile.rmtree(aside)
