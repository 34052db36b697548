"""StoryReasoning on CLEVR-SV: three frames in, the fourth out.

  make pipeline CONFIG=configs/story_reasoning/clevr_sv.py \
      DATA_DIR=clevr_sv.zip
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "clevr_sv"
    config.data.frames = 4
    config.data.max_tokens = 60
    config.stages.autoencoder.epochs = 60
    config.stages.sequence.epochs = 60
    config.pipeline.gates = {"l1": 0.1, "token_accuracy": 0.3}
    return config
