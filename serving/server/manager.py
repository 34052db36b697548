"""Keeps the models that the configuration asks for loaded and callable."""

import contextlib
import gc
import logging
import threading
import time
from collections.abc import Iterator

import grpc

from serving.protos import model_pb2
from serving.server import status
from serving.server.config import ModelSettings
from serving.server.model import Loader, Model, State, Version
from serving.server.servable import Servable


class ModelManager:
    """Loads new versions, hands them to requests and unloads old ones.

    A new version is loaded and warmed up before the one it replaces is taken
    out of service, and requests in flight end on the version that they began
    with: no request fails because of a change of version.

    Args:
        loader: loads the version in a folder.
        settle_seconds: how long a version's folder must be left alone before
            it is taken for complete.
        retry_seconds: pause after the first failed load of a version.
        allow_labels_for_unavailable: accept new labels of versions that are
            not loaded yet.
    """

    def __init__(
        self,
        loader: Loader,
        settle_seconds: float = 1.0,
        retry_seconds: float = 2.0,
        allow_labels_for_unavailable: bool = False,
    ) -> None:
        self._loader = loader
        self._settle_seconds = settle_seconds
        self._retry_seconds = retry_seconds
        self._allow_labels_for_unavailable = allow_labels_for_unavailable
        self._models: dict[str, Model] = {}
        self._labels: dict[tuple[str, str], int] = {}
        # Guards all of the above but is never held while a model loads.
        self._lock = threading.Lock()
        # One reconfiguration or look at the disk at a time.
        self._work = threading.Lock()
        self._garbage = False
        self._stop = threading.Event()
        self._poller: threading.Thread | None = None

    def configure(self, models: list[ModelSettings]) -> None:
        """Replaces the configuration; `sync` then acts on it.

        Raises:
            StatusError: FAILED_PRECONDITION, a label stands for a version
                that is not available. Nothing has changed then.
        """
        with self._work, self._lock:
            self._labels = self._checked_labels(models)
            by_name = {model.name: model for model in models}
            for name, model in self._models.items():
                model.settings = by_name.pop(name, None)
            for name, settings in by_name.items():
                self._models[name] = Model(
                    settings, self._settle_seconds, self._retry_seconds
                )

    def sync(self) -> bool:
        """Looks at the disk once, and loads and unloads what has to be.

        What goes wrong with one model is logged, and keeps no other one from
        being looked at.

        Returns:
            Whether everything wanted has been loaded or tried; not, while a
            version's folder is still being written.
        """
        with self._work:
            with self._lock:
                models = list(self._models.values())
            settled = [self._try_to_sync(model) for model in models]
            self._collect_garbage()
            return all(settled)

    def sync_until_settled(self, timeout_seconds: float | None = None) -> bool:
        """Calls `sync` until it has nothing left to wait for.

        Returns:
            Whether that was reached in time and before `stop`.
        """
        if timeout_seconds is None:
            timeout_seconds = float("inf")
        end = time.monotonic() + timeout_seconds
        while not self.sync():
            if time.monotonic() >= end or self._stop.wait(0.05):
                return False
        return True

    def start_polling(self, interval_seconds: float) -> None:
        """Calls `sync` again and again from a thread of its own."""

        def poll() -> None:
            while not self._stop.wait(interval_seconds):
                try:
                    self.sync()
                except Exception:  # The next look may go better.
                    logging.exception("Looking for new versions failed.")

        self._poller = threading.Thread(target=poll, daemon=True, name="poll")
        self._poller.start()

    def stop(self) -> None:
        """Ends the polling; a load that is going on gets ten seconds."""
        self._stop.set()
        if self._poller is not None:
            self._poller.join(10)

    @contextlib.contextmanager
    def use(self, spec: model_pb2.ModelSpec) -> Iterator[tuple[int, Servable]]:
        """Lends the version that a request asks for.

        Yields:
            The version's number and the version, which stays loaded until
            the context ends.

        Raises:
            StatusError: NOT_FOUND or INVALID_ARGUMENT.
        """
        with self._lock:
            model, version = self._find(spec)
            version.in_flight += 1
        try:
            yield version.number, version.servable
        finally:
            with self._lock:
                version.in_flight -= 1
                if model.free_if_unused(version):
                    self._garbage = True

    def states(self, spec: model_pb2.ModelSpec) -> list[Version]:
        """Returns the versions that a status request asks for, copied.

        Raises:
            StatusError: NOT_FOUND or INVALID_ARGUMENT.
        """
        with self._lock:
            wanted = self._number(spec)
            model = self._models.get(spec.name)
            versions = dict(model.versions) if model else {}
            if wanted is not None:
                if wanted not in versions:
                    raise status.not_found(
                        f"Could not find version {wanted} of model {spec.name}"
                    )
                versions = {wanted: versions[wanted]}
            if not versions:
                raise status.not_found(
                    f"Could not find any versions of model {spec.name}"
                )
            return [_copy(versions[n]) for n in sorted(versions, reverse=True)]

    def readiness(self) -> dict[str, bool]:
        """Returns for each configured model whether it can be called."""
        with self._lock:
            return {
                name: bool(model.available())
                for name, model in self._models.items()
                if model.settings is not None
            }

    def why_not_ready(self, name: str) -> str:
        """Returns one sentence on why a model cannot be called."""
        with self._lock:
            model = self._models[name]
            there = [n for n in sorted(model.versions) if n in model.found]
            if there:
                version = model.versions[there[-1]]
                if version.error is not None:
                    return f"version {there[-1]} failed: {version.error}"
                return f"version {there[-1]} is {version.state.name}"
            base_path = model.settings and model.settings.base_path
        return (
            f"Unable to find a numerical version path for servable {name} "
            f"at: {base_path}"
        )

    def _try_to_sync(self, model: Model) -> bool:
        try:
            return self._sync_model(model)
        except Exception:  # The next look may go better.
            logging.exception("Looking after model %s failed.", model.name)
            return True

    def _sync_model(self, model: Model) -> bool:
        try:
            wanted = model.wanted()
            with self._lock:
                model.enter(wanted)
            to_load = model.to_load(wanted)
        except OSError as error:
            model.complain(f"Cannot look for {model.name}: {error}.")
            return True
        for version in to_load:
            if self._stop.is_set():
                return False
            with self._lock:
                version.state = State.LOADING
            outcome = None, None
            try:
                outcome = model.load(version, self._loader)
            finally:  # It shall not stay LOADING, whatever happened.
                with self._lock:
                    model.loaded(version, *outcome)
        with self._lock:
            for version in model.to_unload(wanted):
                model.unload(version)
                self._garbage = True
            return not any(
                model.versions[number].state is State.START for number in wanted
            )

    def _collect_garbage(self) -> None:
        # A SavedModel holds cycles, so the last reference does not free it.
        with self._lock:
            garbage, self._garbage = self._garbage, False
        if garbage:
            gc.collect()

    def _find(self, spec: model_pb2.ModelSpec) -> tuple[Model, Version]:
        number = self._number(spec)
        model = self._models.get(spec.name)
        available = model.available() if model else []
        if number is None:
            request = f"Latest({spec.name})"
        else:
            request = f"Specific({spec.name}, {number})"
            available = [v for v in available if v.number == number]
        if not available:
            raise status.not_found(f"Servable not found for request: {request}")
        return model, available[-1]

    def _number(self, spec: model_pb2.ModelSpec) -> int | None:
        if not spec.name:
            raise status.invalid_argument("ModelSpec has no name specified.")
        choice = spec.WhichOneof("version_choice")
        if choice == "version":
            return spec.version.value
        if choice == "version_label":
            label = (spec.name, spec.version_label)
            if label not in self._labels:
                raise status.invalid_argument(
                    f"Unrecognized servable version label: {spec.version_label}"
                )
            return self._labels[label]
        return None

    def _checked_labels(
        self, models: list[ModelSettings]
    ) -> dict[tuple[str, str], int]:
        labels = {}
        for model in models:
            known = self._models.get(model.name)
            available = {v.number for v in known.available()} if known else {}
            for label, number in model.labels.items():
                key = (model.name, label)
                is_new = self._labels.get(key, number) == number
                allowed = self._allow_labels_for_unavailable and is_new
                if number not in available and not allowed:
                    raise status.StatusError(
                        grpc.StatusCode.FAILED_PRECONDITION,
                        f"Request to assign label to version {number} of "
                        f"model {model.name}, which is not currently "
                        "available for inference",
                    )
                labels[key] = number
        return labels


def _copy(version: Version) -> Version:
    return Version(
        number=version.number,
        watch=version.watch,
        state=version.state,
        error=version.error,
    )
