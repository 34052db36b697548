"""Keras metrics and corpus metrics."""
