"""The words that make runs small enough for tests."""

import pathlib

ROOT = pathlib.Path(__file__).parents[2]
SHAPES = str(ROOT / "configs" / "story_reasoning" / "shapes.py")
CONFIG = [
    f"--config={SHAPES}",
    *(
        f"--config.{name}={value}"
        for name, value in {
            "data.image_size": 16,
            "data.max_tokens": 8,
            "data.builder.train_stories": 6,
            "data.builder.validation_stories": 2,
            "data.builder.test_stories": 2,
            "data.builder.image_size": 32,
            "model.encoder_widths": "(8, 8)",
            "model.latent_size": 12,
            "model.units": 8,
            "model.embedding_size": 8,
            "model.bidirectional": False,
            "model.attention_hops": 0,
            "model.copy_words": False,
            "model.picture_follows_caption": False,
            "stages.autoencoder.epochs": 1,
            "stages.sequence.epochs": 1,
            "training.strategy": "one_device",
        }.items()
    ),
]
# Of the system that takes the least time to make.
GAUSSIAN = [
    f"--config={ROOT}/configs/gaussian_gan/seed.py",
    "--config.training.strategy=one_device",
    *(
        f"--config.{name}={value}"
        for name, value in {
            "data.builder.train_examples": 400,
            "data.builder.validation_examples": 200,
            "data.builder.test_examples": 100,
            "stages.adversarial.epochs": 2,
            "stages.adversarial.epoch_steps": 4,
        }.items()
    ),
]
