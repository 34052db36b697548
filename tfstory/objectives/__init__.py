"""Objectives: what a generator of sequences is rewarded for, beside a judge."""
