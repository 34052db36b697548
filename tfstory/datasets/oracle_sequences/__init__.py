"""Sequences of an LSTM whose distribution is known."""
