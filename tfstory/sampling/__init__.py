"""Samplers: of sequences, token by token, and of a stream of values."""
