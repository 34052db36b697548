"""Normalise, tokenise, vocabulary: all in-graph TensorFlow."""
