"""Sentences of any text file."""
