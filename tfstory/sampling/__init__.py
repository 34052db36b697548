"""Autoregressive samplers."""
