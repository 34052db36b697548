"""Stages, distribution strategy, checkpoints, callbacks and plots."""
