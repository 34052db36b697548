"""StoryReasoning in the seed document's own form, on the shape stories.

Without the improvements of `shapes.py`: the frame is decoded from the
predicted latent alone, the caption from the story's state alone, and the
autoencoder goes on training in stage 2.
"""

import pathlib
import runpy

import ml_collections

_SHAPES = pathlib.Path(__file__).with_name("shapes.py")


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = runpy.run_path(str(_SHAPES))["get_config"]()
    config.model.bidirectional = False
    config.model.caption_attention = False
    config.model.copy_words = False
    config.model.tie_embeddings = False
    config.model.residual_latent = False
    config.model.residual_frame = False
    config.model.train_autoencoder = True
    return config
