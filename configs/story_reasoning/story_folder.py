"""StoryReasoning on your own stories: `stories.jsonl` beside the pictures.

make pipeline CONFIG=configs/story_reasoning/story_folder.py DATA_DIR=FOLDER
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_few_books_config()
    config.data.dataset = "story_folder"
    # Wide: what your stories allow, you know best.
    config.pipeline.gates = {"l1": 0.3, "token_accuracy": 0.05}
    # Whatever they are, a model is worth something only above these.
    config.pipeline.better_than_baselines = (
        "autoencoder_l1",
        "l1_mean_picture",
        "ssim_mean_picture",
        "token_accuracy",
    )
    return config
