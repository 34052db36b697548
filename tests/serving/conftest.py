"""Small SavedModels, and servers of them on this machine."""

import contextlib
import dataclasses
import functools
import pathlib
import shutil
import threading
import time

import pytest

from serving.client import Client
from serving.server import config


@dataclasses.dataclass
class Served:
    """A server in this process and where its model's versions lie."""

    base_path: pathlib.Path
    manager: object
    server: object

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def stop(self, grace_seconds):
        self.server.stop(grace_seconds)

    def client(self, model="numbers", **options) -> Client:
        return Client(self.target, model, **options)


def _make_models(path, offsets):
    """Writes a model for each offset, under its number."""
    import tensorflow as tf
    import tensorflow_text

    class Numbers(tf.Module):
        def __init__(self):
            super().__init__()
            self.offset = tf.Variable(0.0)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "x")])
        def add(self, x):
            return {"y": x + self.offset, "twice": 2.0 * x}

        @tf.function(
            input_signature=[
                tf.TensorSpec([None, 2], tf.float32, "pairs"),
                tf.TensorSpec([None], tf.int64, "factor"),
            ]
        )
        def scale(self, pairs, factor):
            factors = tf.cast(factor, tf.float32)[:, None]
            return {"scaled": pairs * factors, "factor": factor}

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "text")])
        def lower(self, text):
            # An op that only tensorflow_text registers.
            return {
                "text": tensorflow_text.case_fold_utf8(text),
                "bytes": tf.strings.length(text),
            }

        @tf.function(
            input_signature=[tf.TensorSpec([None], tf.string, "images")]
        )
        def height(self, images):
            decode = tf.image.decode_png
            heights = tf.map_fn(
                lambda image: tf.shape(decode(image))[0],
                images,
                fn_output_signature=tf.int32,
            )
            return {"height": heights}

    model = Numbers()
    signatures = {
        name: getattr(model, method).get_concrete_function()
        for name, method in {
            "serving_default": "add",
            "scale": "scale",
            "lower": "lower",
            "height": "height",
            "held": "add",
        }.items()
    }
    for offset in offsets:
        model.offset.assign(offset)
        tf.saved_model.save(model, str(path / str(offset)), signatures)


@pytest.fixture(scope="session")
def exports(tmp_path_factory):
    """Folder with the exports 1/, 2/ and 3/, which add 1, 2 and 3."""
    path = tmp_path_factory.mktemp("exports")
    _make_models(path, (1, 2, 3))
    return path


@pytest.fixture
def add_version(exports, tmp_path):
    """Adds version `number`, made from an export, to a base path."""

    def add(number, source=None, base_path=tmp_path / "numbers"):
        base_path.mkdir(exist_ok=True)
        unfinished = base_path.parent / f"unfinished-{number}"
        shutil.copytree(exports / str(source or number), unfinished)
        unfinished.rename(base_path / str(number))
        return base_path / str(number)

    return add


@contextlib.contextmanager
def _running(model, **options):
    from serving.server import grpc_server, servable
    from serving.server.manager import ModelManager

    manager = ModelManager(
        functools.partial(servable.load, max_input_bytes=2**20),
        settle_seconds=0.05,
        retry_seconds=0.05,
        allow_labels_for_unavailable=True,
    )
    manager.configure([model])
    manager.sync_until_settled(timeout_seconds=240)
    server = grpc_server.start(manager, **options)
    manager.start_polling(0.05)
    yield Served(model.base_path, manager, server)
    server.stop(grace_seconds=0)
    manager.stop()


@pytest.fixture
def serve(exports, tmp_path):
    """Starts a server; by default of what lies in the folder `numbers`."""
    with contextlib.ExitStack() as stack:

        def start(model=None, **options):
            if model is None:
                base_path = tmp_path / "numbers"
                base_path.mkdir(exist_ok=True)
                model = config.ModelSettings("numbers", base_path)
            return stack.enter_context(_running(model, **options))

        yield start


@pytest.fixture
def served(add_version, serve):
    """A server of the model `numbers`, version 1, that a test may change."""
    add_version(1)
    return serve()


@pytest.fixture(scope="module")
def shared(exports):
    """A server of the model `numbers`, version 1, for tests that only ask."""
    first = config.VersionPolicy("specific", specific=frozenset({1}))
    with _running(config.ModelSettings("numbers", exports, first)) as server:
        yield server


@pytest.fixture(scope="module")
def story_export(tmp_path_factory):
    """StoryReasoning's `predict_next` and `encode`, with easy answers."""
    import tensorflow as tf

    class Story(tf.Module):
        @tf.function(
            input_signature=[
                tf.TensorSpec([None, 4], tf.string, "images"),
                tf.TensorSpec([None, 4], tf.string, "sentences"),
                tf.TensorSpec([None], tf.float32, "temperature"),
                tf.TensorSpec([None], tf.int64, "seed"),
            ]
        )
        def predict_next(self, images, sentences, temperature, seed):
            joined = tf.strings.reduce_join(sentences, 1, separator=" ")
            suffix = tf.strings.as_string(seed)
            return {
                "image": images[:, 3],
                "caption": tf.strings.join([joined, suffix], " "),
                "log_probability": -temperature,
            }

        @tf.function(
            input_signature=[tf.TensorSpec([None], tf.string, "images")]
        )
        def encode(self, images):
            return {"latent": tf.zeros([tf.shape(images)[0], 2])}

    story = Story()
    path = tmp_path_factory.mktemp("story") / "story_reasoning"
    signatures = {
        name: getattr(story, name).get_concrete_function()
        for name in ("predict_next", "encode")
    }
    tf.saved_model.save(story, str(path / "1"), signatures)
    return path


class Gate:
    """Holds calls of the signature `held` until it is opened.

    A call that takes long for sure, on a machine of any speed.
    """

    def __init__(self):
        self._entered = threading.Event()
        self._opened = threading.Event()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.open()

    def wait_for_a_call(self):
        assert self._entered.wait(120), "No call came."

    def open(self):
        self._opened.set()

    def pass_through(self):
        self._entered.set()
        self._opened.wait(120)


@pytest.fixture
def gate(monkeypatch):
    """Makes calls of the signature `held` wait, on the version they got."""
    from serving.server.servable import Servable

    predict = Servable.predict

    def held_predict(self, request):
        if request.model_spec.signature_name == "held":
            gate.pass_through()
        return predict(self, request)

    monkeypatch.setattr(Servable, "predict", held_predict)
    with Gate() as gate:
        yield gate


@pytest.fixture
def eventually():
    """Waits until a condition holds; fails when it does not in time."""

    def wait(condition, timeout_seconds=120.0):
        end = time.monotonic() + timeout_seconds
        while not condition():
            assert time.monotonic() < end, "It did not come true in time."
            time.sleep(0.02)

    return wait
