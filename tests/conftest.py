"""What all tests share: quiet TensorFlow, two CPU devices, real data."""

import gc
import importlib.abc
import importlib.util
import logging
import os
import pathlib
import sys

import pytest

# Read when TensorFlow, Keras and matplotlib are imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["KERAS_BACKEND"] = "tensorflow"
# To compile is most of what XLA does in a test.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

SHARED_DATA = pathlib.Path(__file__).parents[2] / "shared" / "data"
REPLICAS = 2
# Whose files take longest: begun last, one would leave a process idle.
_LONG = ("tfx_pipeline", "training", "systems", "export", "commands")


def pytest_collection_modifyitems(items):
    """Puts the tests of the folders with long files first."""
    here = pathlib.Path(__file__).parent

    def place(item):
        folder = item.path.relative_to(here).parts[0]
        return _LONG.index(folder) if folder in _LONG else len(_LONG)

    items.sort(key=place)


def pytest_collection_finish():
    """Has the garbage collector look less often, and not at the imports.

    Graphs are hundreds of thousands of objects, of which few are garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _split_cpu(tensorflow):
    """Makes logical CPU devices; fails once TensorFlow has run an op."""
    cpu = tensorflow.config.list_physical_devices("CPU")[0]
    tensorflow.config.set_logical_device_configuration(
        cpu, [tensorflow.config.LogicalDeviceConfiguration()] * REPLICAS
    )


class _SplitCpuOnImport(importlib.abc.MetaPathFinder):
    """Splits the CPU as soon as the first test imports TensorFlow.

    Any op fixes the devices, so that a fixture would come too late, and
    tests that need no TensorFlow shall not wait for its import.
    """

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            run_module = spec.loader.exec_module

            def run_module_and_split(module):
                run_module(module)
                _split_cpu(module)

            spec.loader.exec_module = run_module_and_split
        return spec


if "tensorflow" in sys.modules:
    _split_cpu(sys.modules["tensorflow"])
else:
    sys.meta_path.insert(0, _SplitCpuOnImport())


@pytest.fixture
def two_replicas():
    """A `MirroredStrategy` over two logical CPU devices."""
    import tensorflow as tf

    options = tf.config.optimizer
    # To make a graph faster would take longer than its few steps.
    options.set_experimental_options({"disable_meta_optimizer": True})
    yield tf.distribute.MirroredStrategy(
        [f"CPU:{index}" for index in range(REPLICAS)],
        # The default collectives fail on logical CPU devices.
        cross_device_ops=tf.distribute.ReductionToOneDevice(),
    )
    options.set_experimental_options({"disable_meta_optimizer": False})


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data beside the repository, or a skipped test."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the real data in ../shared/data")
    return SHARED_DATA


@pytest.fixture
def unread_lines():
    """What `unread.warn` tells, each time, whoever else listens."""
    lines = []

    class Listener(logging.Handler):
        def emit(self, record):
            lines.append(record.getMessage())

    logger, listener = logging.getLogger("tfstory.systems.unread"), Listener()
    logger.addHandler(listener)
    yield lines
    logger.removeHandler(listener)
