"""Tests the choice of the distribution strategy."""

import json

import pytest
import tensorflow as tf

from tests.training import toy
from tfstory.errors import UserError
from tfstory.training import strategy


def test_several_devices_are_mirrored(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    chosen = strategy.choose(toy.config())
    assert isinstance(chosen, tf.distribute.MirroredStrategy)
    assert chosen.num_replicas_in_sync == 2
    assert strategy.worker_id(chosen) == 0


def test_one_device_where_the_config_says_so(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "{not read")
    chosen = strategy.choose(toy.config(strategy="one_device"))
    assert chosen is tf.distribute.get_strategy()
    assert strategy.worker_id(chosen) == 0


def test_a_cluster_of_one_is_no_cluster(monkeypatch):
    cluster = {"cluster": {"chief": ["localhost:1"], "ps": ["localhost:2"]}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(cluster))
    chosen = strategy.choose(toy.config())
    assert not isinstance(chosen, tf.distribute.MultiWorkerMirroredStrategy)


def test_a_cluster_makes_the_strategy_of_several_workers(monkeypatch):
    made = object()
    monkeypatch.setattr(
        tf.distribute, "MultiWorkerMirroredStrategy", lambda: made
    )
    cluster = {"cluster": {"worker": ["localhost:1", "localhost:2"]}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(cluster))
    assert strategy.choose(toy.config()) is made


@pytest.mark.parametrize("text", ["{oops", "[]", '{"cluster": {"worker": 3}}'])
def test_a_broken_cluster_is_an_error_in_words(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(UserError, match="TF_CONFIG"):
        strategy.choose(toy.config())


def test_an_unknown_choice_is_an_error_in_words():
    with pytest.raises(UserError, match="'tpu'.*auto, one_device"):
        strategy.choose(toy.config(strategy="tpu"))


class _Resolver:
    def __init__(self, cluster, task_type, task_id):
        self._cluster = tf.train.ClusterSpec(cluster)
        self.task_type = task_type
        self.task_id = task_id

    def cluster_spec(self):
        return self._cluster


@pytest.mark.parametrize(
    "cluster, task, number",
    [
        ({"worker": ["a:1", "b:1"]}, ("worker", 0), 0),
        ({"worker": ["a:1", "b:1"]}, ("worker", 1), 1),
        ({"chief": ["a:1"], "worker": ["b:1"]}, ("chief", 0), 0),
        ({"chief": ["a:1"], "worker": ["b:1"]}, ("worker", 0), 1),
    ],
)
def test_there_is_one_chief(cluster, task, number):
    class Strategy:
        cluster_resolver = _Resolver(cluster, *task)

    assert strategy.worker_id(Strategy()) == number
