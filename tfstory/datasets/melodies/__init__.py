"""Melodies of CSV files."""
