"""A stage whose steps take turns, each step a graph of its own."""

from collections.abc import Callable, Mapping, Sequence

from tfstory.systems.stage import Stage


class Alternating(Stage):
    """Base of stages with steps of several kinds in a fixed order.

    A branch inside one graph would not do: under a strategy optimizers cannot
    be applied in it. So each kind has its own graph, and which one is next is
    known here, by the number of steps so far, which checkpoints hold.

    A subclass gives `kinds` and `next_kind`; `steps_per_execution` is 1.
    """

    def kinds(self) -> Sequence[tuple[str, Callable[[Mapping], dict]]]:
        """Returns name and `train_step` of each kind; names may repeat."""
        raise NotImplementedError

    def next_kind(self) -> int:
        """Returns which kind of step is next, by its place in `kinds`."""
        raise NotImplementedError

    # The kind that steps are kept to; None takes them in turn.
    _only: int | None = None

    def step_kinds(self):
        return list(dict.fromkeys(name for name, _ in self.kinds()))

    def stay_with(self, kind):
        # The last of the name: the others do more than it, now and then.
        names = [name for name, _ in self.kinds()]
        self._only = len(names) - 1 - names[::-1].index(kind)

    def train_step(self, batch):
        return self.kinds()[self._kind][1](batch)

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return
        functions = []
        for _ in self.kinds():
            super().make_train_function(force=True)
            functions.append(self.train_function)

        def train(iterator):
            # Read while the graph is made, when each is called first.
            self._kind = self.next_kind() if self._only is None else self._only
            return functions[self._kind](iterator)

        self.train_function = train
