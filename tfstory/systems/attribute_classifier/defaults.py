"""Every setting of attribute_classifier, with the values for shape scenes."""

import ml_collections

from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns the config of `configs/attribute_classifier`."""
    config = ml_collections.ConfigDict()
    config.system = "attribute_classifier"
    config.seed = 0

    config.data = shared.data("shape_scenes")
    config.data.image_size = 64
    config.data.builder.image_size = config.data.get_ref("image_size")

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
