"""Settings that the configs of several systems share.

In every stage: `keep_best` names the validation metric whose best epoch's
weights the stage ends with, "" those of its last epoch.
"""

from collections.abc import Mapping, Sequence

import ml_collections


def training() -> ml_collections.ConfigDict:
    """Returns `config.training`."""
    config = ml_collections.ConfigDict()
    # "auto", or "one_device" to keep to one device where there are several.
    config.strategy = "auto"
    # Compute in half precision, with weights in float32.
    config.mixed_precision = False
    # Compile the steps with XLA: slow to begin, quicker on GPUs.
    config.xla = False
    # Beside one at the end of each epoch.
    config.checkpoint_every_steps = 200
    # The newest, of each work directory.
    config.keep_checkpoints = 2
    # Keep decoded training examples in memory.
    config.cache = True
    config.shuffle_buffer = 10_000
    # What of these, still encoded, may wait in memory.
    config.shuffle_memory_mib = 512
    return config


def pipeline(
    gates: Mapping[str, float],
    better_than_baselines: Sequence[str] = (),
    no_worse: Sequence[str] = (),
    no_worse_tolerance: float = 0.0,
    latency_budget_ms: float = 500.0,
) -> ml_collections.ConfigDict:
    """Returns `config.pipeline`.

    Args:
      gates: metric name to the bound that a model must keep to be blessed.
      better_than_baselines: metrics, or single baselines such as
        "l1_copy_last", that a model must strictly beat to be blessed.
      no_worse: metrics that may not get worse than the last blessed model's.
      no_worse_tolerance: share of its value by which such a metric may get
        worse all the same.
      latency_budget_ms: median that a signature may take.
    """
    config = ml_collections.ConfigDict()
    config.gates = ml_collections.ConfigDict(dict(gates))
    config.better_than_baselines = tuple(better_than_baselines)
    config.no_worse = tuple(no_worse)
    config.no_worse_tolerance = no_worse_tolerance
    config.latency_budget_ms = latency_budget_ms
    return config


def data(dataset: str) -> ml_collections.ConfigDict:
    """Returns `config.data` of any dataset.

    Args:
      dataset: str, its name.
    """
    config = ml_collections.ConfigDict()
    config.dataset = dataset
    # Arguments of the dataset's TFDS builder.
    config.builder = ml_collections.ConfigDict()
    # At most this many examples of each split; 0 takes all.
    config.max_train_examples = 0
    config.max_validation_examples = 512
    config.max_test_examples = 1024
    return config


def stories() -> ml_collections.ConfigDict:
    """Returns `config.data` of illustrated stories, the built-in ones."""
    config = data("shape_stories")
    # Frames a story, or a window of a longer one.
    config.frames = 5
    # Frames from the first of a window to the first of the next.
    config.stride = 1
    config.image_size = 64
    # Longest sentence in tokens, start and end included.
    config.max_tokens = 20
    config.vocabulary_size = 400
    # Rarer words are unknown ones, in a vocabulary of more than 100 words.
    config.min_word_count = 2
    return config
