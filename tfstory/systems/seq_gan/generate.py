"""`tfstory generate` for SeqGan."""

from tfstory.systems.policy.generate import add_arguments, run

__all__ = ["add_arguments", "run"]
