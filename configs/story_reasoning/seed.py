"""StoryReasoning in the seed document's own form, on the shape stories.

Without the improvements of `shapes.py`: the frame is decoded from the
predicted latent alone, the caption from the story's state alone, and the
autoencoder goes on training in stage 2.

  tfstory train --config=configs/story_reasoning/seed.py --workdir=runs/seed
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    defaults.set_seed_form(config)
    return config
