"""One model's versions: which of them are wanted, loaded and in use."""

import dataclasses
import enum
import logging
import pathlib
import time
from collections.abc import Callable

from serving.backoff import pause_seconds
from serving.server import storage
from serving.server.config import ModelSettings
from serving.server.servable import Servable
from serving.server.status import StatusError, as_status_error

Loader = Callable[[pathlib.Path], Servable]

_MAX_RETRY_SECONDS = 60.0


class State(enum.IntEnum):
    """A version's state, with the numbers of `ModelVersionStatus.State`."""

    START = 10
    LOADING = 20
    AVAILABLE = 30
    UNLOADING = 40
    END = 50


@dataclasses.dataclass
class Version:
    """One version and what became of it.

    Attributes:
        number: the version.
        state: where in its life it is. START: its folder is there, and still
            being written; END: unloaded, or the load failed.
        error: why the last load failed.
        servable: the loaded model, while it is loaded.
        watch: whether its folder is still being written.
        in_flight: requests that use it now.
        failures: loads that failed since the last that went well.
        retry_at: when to try again, on the monotonic clock.
        failed_with: its folder's files when the last load failed.
    """

    number: int
    watch: storage.SettleWatch
    state: State = State.START
    error: StatusError | None = None
    servable: Servable | None = None
    in_flight: int = 0
    failures: int = 0
    retry_at: float = 0.0
    failed_with: storage.Fingerprint | None = None


class Model:
    """One model's versions.

    Its owner holds a lock whenever it calls anything here, but for what
    reads the disk: `wanted`, `to_load` and `load`, one after the other.

    Args:
        settings: the model's entry in the configuration.
        settle_seconds: how long a version's folder must be left alone before
            it is taken for complete.
        retry_seconds: pause after the first failed load of a version; it
            doubles with each further one.
    """

    def __init__(
        self,
        settings: ModelSettings,
        settle_seconds: float,
        retry_seconds: float,
    ) -> None:
        self.settings: ModelSettings | None = settings
        self.name = settings.name
        self.versions: dict[int, Version] = {}
        self.found: dict[int, pathlib.Path] = {}
        self._settle_seconds = settle_seconds
        self._retry_seconds = retry_seconds
        self._complaint = ""

    def complain(self, complaint: str) -> None:
        """Logs a warning, unless it is the one before again."""
        if complaint != self._complaint:
            logging.warning("%s", complaint)
        self._complaint = complaint

    def available(self) -> list[Version]:
        """Returns the versions that can be called, the highest one last."""
        return [
            self.versions[number]
            for number in sorted(self.versions)
            if self.versions[number].state is State.AVAILABLE
        ]

    def wanted(self) -> set[int]:
        """Returns the versions that the configuration asks to serve.

        Raises:
            OSError: the base path cannot be read.
        """
        if self.settings is None:
            self.found = {}
            return set()
        self.found = storage.find_versions(self.settings.base_path)
        self._complaint = ""
        return self.settings.policy.choose(set(self.found))

    def enter(self, wanted: set[int]) -> None:
        """Lists the wanted versions, and drops those that never came to be.

        Args:
            wanted: what `wanted` returned.
        """
        for number, version in list(self.versions.items()):
            if version.state is State.START and number not in wanted:
                del self.versions[number]
        for number in wanted - set(self.versions):
            watch = storage.SettleWatch(self._settle_seconds)
            self.versions[number] = Version(number, watch)

    def to_load(self, wanted: set[int]) -> list[Version]:
        """Returns the wanted versions whose turn it is to be loaded.

        Version folders that are still being written, and those that failed
        a short time ago and have not changed since, wait.

        Args:
            wanted: what `wanted` returned, entered.
        """
        ready = []
        for number in sorted(wanted, reverse=True):
            version = self.versions[number]
            if version.state not in (State.START, State.END):
                continue
            seen, age = storage.fingerprint(self.found[number])
            if not version.watch.settled(seen, age):
                continue
            waits = time.monotonic() < version.retry_at
            if version.failures and waits and seen == version.failed_with:
                continue
            ready.append(version)
        return ready

    def to_unload(self, wanted: set[int]) -> list[Version]:
        """Returns the versions that may go.

        As long as a wanted version is not there yet, the old ones stay, so
        that the model can be called at every moment.

        Args:
            wanted: what `wanted` returned.
        """
        available = self.available()
        kept = [v for v in available if v.number in wanted]
        if wanted and not kept:
            return []
        return [v for v in available if v.number not in wanted]

    def load(
        self, version: Version, loader: Loader
    ) -> tuple[Servable | None, StatusError | None]:
        """Loads a version. This takes long, and needs no lock.

        Returns:
            The loaded version or why there is none; neither, where its
            folder changed meanwhile, so that nothing is known of it.
        """
        path = self.found[version.number]
        before, _ = storage.fingerprint(path)
        servable = error = None
        try:
            servable = loader(path)
        except Exception as failure:
            error = as_status_error(failure)
        after, _ = storage.fingerprint(path)
        if before != after:
            return None, None
        if error is not None:
            version.failed_with = after
        return servable, error

    def loaded(
        self,
        version: Version,
        servable: Servable | None,
        error: StatusError | None,
    ) -> None:
        """Takes in what `load` returned."""
        label = f"{self.name} version {version.number}"
        if servable is not None:
            version.servable = servable
            version.error = None
            version.failures = 0
            version.state = State.AVAILABLE
            logging.info("Serving %s.", label)
        elif error is not None:
            version.error = error
            version.state = State.END
            pause = pause_seconds(
                self._retry_seconds, version.failures, _MAX_RETRY_SECONDS
            )
            version.failures += 1
            version.retry_at = time.monotonic() + pause
            logging.error(
                "Cannot load %s: %s (%s); next try in %.0f s, or when its "
                "files change.",
                label,
                error,
                error.code.name,
                pause,
            )
        else:
            version.state = State.START

    def unload(self, version: Version) -> None:
        """Takes a version out of service; calls in flight still end on it."""
        logging.info("Unloading %s version %d.", self.name, version.number)
        version.state = State.UNLOADING
        self.free_if_unused(version)

    def free_if_unused(self, version: Version) -> bool:
        """Frees an unloading version that no request uses any more."""
        if version.state is not State.UNLOADING or version.in_flight:
            return False
        version.servable = None
        version.state = State.END
        return True
