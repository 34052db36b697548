"""Keras layers that no library has."""
