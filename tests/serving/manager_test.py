"""Versions come and go without a moment in which none can be called."""

import threading
import weakref

import grpc
import pytest

from serving.protos import model_pb2
from serving.server import status
from serving.server.config import ModelSettings, VersionPolicy
from serving.server.manager import ModelManager
from serving.server.model import State


class _Servable:
    def __init__(self, path):
        self.path = path


def _spec(version=None, label=None, name="m"):
    spec = model_pb2.ModelSpec(name=name)
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label
    return spec


@pytest.fixture
def base_path(tmp_path):
    path = tmp_path / "m"
    path.mkdir()
    return path


def _manager(base_path, loader=_Servable, policy=None, labels=None, **options):
    manager = ModelManager(loader, settle_seconds=0, **options)
    manager.configure([_settings(base_path, policy, labels)])
    return manager


def _settings(base_path, policy=None, labels=None):
    return ModelSettings(
        "m", base_path, policy or VersionPolicy(), labels or {}
    )


def _states(manager):
    return {v.number: v.state for v in manager.states(_spec())}


def _answering(manager, *spec):
    with manager.use(_spec(*spec)) as (number, servable):
        assert servable.path.name == str(number)
        return number


def test_a_new_version_replaces_the_old_one(base_path):
    manager = _manager(base_path)
    (base_path / "1").mkdir()
    manager.sync()
    assert _answering(manager) == 1
    (base_path / "2").mkdir()
    manager.sync()
    assert _answering(manager) == 2
    assert _states(manager) == {1: State.END, 2: State.AVAILABLE}
    with pytest.raises(status.StatusError, match=r"Specific\(m, 1\)"):
        _answering(manager, 1)


def test_the_old_version_answers_while_the_new_one_loads(base_path):
    during = []

    def loader(path):
        if path.name == "2":
            during.append(_answering(manager))
            during.append(_states(manager)[2])
        return _Servable(path)

    manager = _manager(base_path, loader)
    (base_path / "1").mkdir()
    manager.sync()
    (base_path / "2").mkdir()
    manager.sync()
    assert during == [1, State.LOADING]
    assert _answering(manager) == 2


def test_a_call_in_flight_ends_on_its_version_which_then_goes(base_path):
    manager = _manager(base_path)
    (base_path / "1").mkdir()
    manager.sync()
    with manager.use(_spec()) as (number, servable):
        (base_path / "2").mkdir()
        manager.sync()
        assert _answering(manager) == 2
        assert _states(manager)[1] is State.UNLOADING
        assert servable.path.name == "1"
        gone = weakref.ref(servable)
    assert _states(manager)[1] is State.END
    del servable
    manager.sync()
    assert gone() is None


def test_going_back_by_removing_a_version(base_path):
    manager = _manager(base_path)
    for version in ("1", "2"):
        (base_path / version).mkdir()
    manager.sync()
    (base_path / "2").rmdir()
    manager.sync()
    assert _answering(manager) == 1
    (base_path / "2").mkdir()
    manager.sync()
    assert _answering(manager) == 2


def test_a_base_path_that_is_away_for_a_moment_changes_nothing(base_path):
    manager = _manager(base_path)
    (base_path / "1").mkdir()
    manager.sync()
    away = base_path.with_name("away")
    base_path.rename(away)
    manager.sync()
    assert _answering(manager) == 1
    away.rename(base_path)


def test_a_base_path_without_versions_unloads_the_model(base_path):
    manager = _manager(base_path)
    (base_path / "1").mkdir()
    manager.sync()
    (base_path / "1").rmdir()
    manager.sync()
    with pytest.raises(status.StatusError, match=r"request: Latest\(m\)"):
        _answering(manager)
    assert manager.readiness() == {"m": False}
    assert "numerical version path" in manager.why_not_ready("m")


def test_a_failed_load_is_reported_and_tried_again(base_path, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("serving.server.model.time.monotonic", lambda: clock[0])
    tries = []

    def loader(path):
        tries.append(path.name)
        if path.name == "2" and tries.count("2") < 3:
            raise ValueError("torn\n  page")
        return _Servable(path)

    manager = _manager(base_path, loader, retry_seconds=2)
    (base_path / "1").mkdir()
    manager.sync()
    (base_path / "2").mkdir()
    manager.sync()
    assert _answering(manager) == 1
    failed = manager.states(_spec(2))[0]
    assert failed.state is State.END
    assert str(failed.error) == "ValueError: torn page"
    # The first pause is over after 2 seconds, the next after 4 more.
    for seconds, tried in ((1.9, 1), (0.2, 2), (3.8, 2), (0.3, 3)):
        clock[0] += seconds
        manager.sync()
        assert tries.count("2") == tried
    assert _answering(manager) == 2
    assert manager.states(_spec(2))[0].error is None


def test_a_failed_version_is_tried_at_once_when_its_files_change(base_path):
    def loader(path):
        if not (path / "late").exists():
            raise ValueError("incomplete")
        return _Servable(path)

    manager = _manager(base_path, loader, retry_seconds=60)
    (base_path / "1").mkdir()
    manager.sync()
    assert "version 1 failed: " in manager.why_not_ready("m")
    (base_path / "1" / "late").touch()
    manager.sync()
    assert _answering(manager) == 1


def test_a_folder_that_changes_while_it_loads_is_not_served(base_path):
    loads = []

    def loader(path):
        loads.append(path.name)
        if len(loads) == 1:
            (path / "written meanwhile").touch()
        return _Servable(path)

    manager = _manager(base_path, loader)
    (base_path / "1").mkdir()
    assert not manager.sync()
    assert _states(manager) == {1: State.START}
    assert manager.sync()
    assert _answering(manager) == 1
    assert len(loads) == 2


class _BrokenPolicy(VersionPolicy):
    def choose(self, found):
        raise RuntimeError("no choice")


def test_a_model_that_raises_keeps_no_other_from_loading(base_path, caplog):
    (base_path / "1").mkdir()
    manager = ModelManager(_Servable, settle_seconds=0)
    manager.configure(
        [
            ModelSettings("first", base_path, _BrokenPolicy(), {}),
            ModelSettings("m", base_path, VersionPolicy(), {}),
        ]
    )
    assert manager.sync_until_settled(timeout_seconds=10)
    assert manager.readiness() == {"first": False, "m": True}
    assert _answering(manager) == 1
    assert "Looking after model first failed." in caplog.text
    assert "RuntimeError: no choice" in caplog.text


class _Unspeakable(Exception):
    """Not even its message can be had."""

    def __str__(self):
        raise RuntimeError("no message")


def test_a_version_whose_load_fails_oddly_is_tried_again(base_path):
    loads = []

    def loader(path):
        loads.append(path.name)
        if len(loads) == 1:
            raise _Unspeakable
        return _Servable(path)

    (base_path / "1").mkdir()
    manager = _manager(base_path, loader)
    manager.sync()
    assert _states(manager) == {1: State.START}
    manager.sync()
    assert _answering(manager) == 1


def test_several_versions_and_labels(base_path):
    for version in ("1", "2", "3"):
        (base_path / version).mkdir()
    manager = _manager(base_path, policy=VersionPolicy("all"))
    manager.sync()
    assert [_answering(manager, n) for n in (1, 2, 3)] == [1, 2, 3]
    labels = {"stable": 1, "canary": 3}
    policy = VersionPolicy("specific", specific=frozenset({1, 3}))
    manager.configure([_settings(base_path, policy, labels)])
    manager.sync()
    assert _answering(manager, None, "stable") == 1
    assert _answering(manager, None, "canary") == 3
    assert _states(manager)[2] is State.END
    with pytest.raises(status.StatusError, match="version label: nightly"):
        _answering(manager, None, "nightly")


def test_a_label_needs_an_available_version(base_path):
    (base_path / "1").mkdir()
    manager = _manager(base_path)
    manager.sync()
    with pytest.raises(status.StatusError, match="version 2 of model m") as e:
        manager.configure([_settings(base_path, labels={"new": 2})])
    assert e.value.code is grpc.StatusCode.FAILED_PRECONDITION
    assert _answering(manager) == 1


def test_a_label_in_use_moves_only_to_an_available_version(base_path):
    (base_path / "1").mkdir()
    manager = _manager(
        base_path, labels={"live": 1}, allow_labels_for_unavailable=True
    )
    manager.sync()
    with pytest.raises(status.StatusError, match="not currently available"):
        manager.configure([_settings(base_path, labels={"live": 2})])
    assert _answering(manager, None, "live") == 1


def test_removed_models_are_unloaded(base_path):
    (base_path / "1").mkdir()
    manager = _manager(base_path)
    manager.sync()
    manager.configure([])
    manager.sync()
    assert manager.readiness() == {}
    with pytest.raises(status.StatusError, match=r"Latest\(m\)"):
        _answering(manager)


def test_stop_ends_the_polling_thread(base_path, eventually):
    manager = _manager(base_path)
    before = set(threading.enumerate())
    manager.start_polling(0.01)
    (base_path / "1").mkdir()
    eventually(lambda: manager.readiness()["m"])
    manager.stop()
    assert set(threading.enumerate()) <= before
