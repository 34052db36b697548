"""`tfstory score` for TextGan."""

from tfstory.systems.policy.score import add_arguments, run

__all__ = ["add_arguments", "run"]
