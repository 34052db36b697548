"""StoryReasoning on CoDraw: the canvas of a drawing dialogue, turn by turn.

make pipeline CONFIG=configs/story_reasoning/codraw.py DATA_DIR=codraw.zip
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "codraw"
    config.data.max_tokens = 40
    config.data.vocabulary_size = 2_000
    config.stages.autoencoder.epochs = 3
    config.stages.sequence.epochs = 3
    config.stages.sequence.batch_size = 16
    config.stages.sequence.learning_rate = 4e-3
    config.pipeline.gates = {"l1": 0.05, "token_accuracy": 0.25}
    return config
