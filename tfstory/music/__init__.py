"""Melodies as tokens, and as what people can hear or read."""
