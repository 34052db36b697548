"""Every setting of attribute_classifier."""

import ml_collections

from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns what the configs in `configs/attribute_classifier` share."""
    config = ml_collections.ConfigDict()
    config.system = "attribute_classifier"
    config.seed = 0

    config.data = shared.data("shape_scenes")
    config.data.image_size = 64

    config.model = ml_collections.ConfigDict()
    # Channels at a half, a quarter and again a quarter of the size.
    config.model.widths = (32, 64, 128)

    config.stages = ml_collections.ConfigDict()
    config.stages.classification = ml_collections.ConfigDict(
        dict(epochs=4, batch_size=32, learning_rate=2e-3, keep_best="")
    )

    config.training = shared.training()
    config.pipeline = shared.pipeline(
        dict(shape_accuracy=0.9, false_alarms=0.02),
        better_than_baselines=("colour_accuracy",),
        no_worse=("shape_accuracy",),
        no_worse_tolerance=0.02,
    )
    return config
