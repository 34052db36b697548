"""Normalisation of feature maps, chosen by a word in a config."""

import keras

KINDS = ("batch", "group", "none")
# What the channels of a normalised map must be a multiple of.
GROUPS = 8


def normalization(kind: str) -> keras.layers.Layer:
    """Returns a normalisation layer for feature maps.

    Args:
      kind: str, "batch" (statistics over all replicas), "group" (the same in
        training and serving, whatever the batch; Wu and He 2018, "Group
        Normalization") or "none".

    Raises:
      ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"normalization must be one of {KINDS}, not {kind!r}")
    if kind == "batch":
        return keras.layers.BatchNormalization(momentum=0.9, synchronized=True)
    if kind == "group":
        return keras.layers.GroupNormalization(groups=GROUPS)
    return keras.layers.Identity()
