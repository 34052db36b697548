"""Every setting of story_matcher, with the values that shape stories take."""

import ml_collections

from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/story_matcher` change."""
    config = ml_collections.ConfigDict()
    config.system = "story_matcher"
    config.seed = 0

    config.data = shared.stories()

    config.model = ml_collections.ConfigDict()
    # Channels of the picture's map, which halves with each.
    config.model.widths = (32, 64, 128, 128)
    # "gru", "convolution" or "bag".
    config.model.sentence_encoder = "convolution"
    config.model.embedding_size = 64
    config.model.sentence_size = 128
    # Of what carries the text on from frame to frame.
    config.model.units = 256
    # Of the space that pictures and texts share.
    config.model.joint_size = 128

    config.stages = ml_collections.ConfigDict()
    config.stages.matching = ml_collections.ConfigDict(
        dict(
            epochs=2,
            # Stories a step; the negatives come from them.
            batch_size=32,
            learning_rate=1e-3,
            keep_best="r_precision",
        )
    )

    config.training = shared.training()
    config.pipeline = shared.pipeline(
        dict(r_precision=0.5),
        better_than_baselines=("r_precision",),
        no_worse=("r_precision",),
        no_worse_tolerance=0.02,
    )
    return config
