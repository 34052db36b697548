"""Every setting of StoryReasoning, with the improved form's values."""

import ml_collections


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/story_reasoning` change."""
    config = ml_collections.ConfigDict()
    config.system = "story_reasoning"
    config.seed = 0

    config.data = ml_collections.ConfigDict()
    config.data.dataset = "shape_stories"
    # Arguments of the dataset's TFDS builder.
    config.data.builder = ml_collections.ConfigDict()
    # Frames a window: the last is predicted from those before.
    config.data.frames = 5
    config.data.stride = 1
    config.data.image_size = 64
    # Longest sentence in tokens, start and end included.
    config.data.max_tokens = 20
    config.data.vocabulary_size = 400
    # Rarer words are unknown ones, in a vocabulary of more than 100 words.
    config.data.min_word_count = 2
    # At most this many examples of each split; 0 takes all.
    config.data.max_train_examples = 0
    config.data.max_validation_examples = 512
    config.data.max_test_examples = 1024

    config.model = ml_collections.ConfigDict()
    config.model.encoder_widths = (16, 32, 64, 128)
    config.model.latent_size = 384
    config.model.normalization = "batch"
    config.model.embedding_size = 128
    config.model.units = 128
    # Improvements on the seed's form.
    config.model.bidirectional = True
    config.model.attention_hops = 2
    config.model.copy_words = True
    config.model.tie_embeddings = True
    config.model.residual_latent = True
    config.model.residual_frame = True
    # Draw the next picture after its caption: the true one in training, in
    # use the one that was written. Pays where captions can be told.
    config.model.picture_follows_caption = False
    config.model.train_autoencoder = False
    config.model.loss_weights = ml_collections.ConfigDict(
        dict(caption_loss=1.0, image_loss=5.0, paint_loss=2.0, latent_loss=0.1)
    )

    config.stages = ml_collections.ConfigDict()
    config.stages.autoencoder = ml_collections.ConfigDict(
        dict(
            epochs=1,
            batch_size=16,
            learning_rate=1e-3,
            cosine_decay=True,
            keep_best="",
        )
    )
    config.stages.sequence = ml_collections.ConfigDict(
        dict(
            epochs=5,
            batch_size=32,
            learning_rate=2e-3,
            # At most so many captions of a story are learnt, the last ones.
            captions=3,
            cosine_decay=True,
            keep_best="",
        )
    )

    config.training = ml_collections.ConfigDict()
    # "auto", or "one_device" to keep to one device where there are several.
    config.training.strategy = "auto"
    config.training.mixed_precision = False
    config.training.xla = False
    config.training.checkpoint_every_steps = 200
    config.training.keep_checkpoints = 2
    # Keep decoded training examples in memory.
    config.training.cache = True
    config.training.shuffle_buffer = 10_000
    # What of these, still encoded, may wait in memory.
    config.training.shuffle_memory_mib = 512

    config.pipeline = ml_collections.ConfigDict()
    # Metric name to the bound that a model must keep to be blessed.
    config.pipeline.gates = ml_collections.ConfigDict(
        dict(l1=0.05, token_accuracy=0.5)
    )
    # Metrics, or single baselines such as "l1_copy_last", that a model must
    # strictly beat to be blessed.
    config.pipeline.better_than_baselines = ()
    # Metrics that may not get worse than the last blessed model's.
    config.pipeline.no_worse = ("l1", "token_accuracy")
    # Share of its value by which such a metric may get worse all the same.
    config.pipeline.no_worse_tolerance = 0.0
    config.pipeline.latency_budget_ms = 500.0
    return config


def get_few_books_config() -> ml_collections.ConfigDict:
    """Returns the config for a few hundred books, which overfit soon."""
    config = get_config()
    config.data.max_tokens = 60
    config.data.vocabulary_size = 3_000
    config.stages.autoencoder.epochs = 30
    config.stages.autoencoder.keep_best = "autoencoder_l1"
    config.stages.sequence.epochs = 12
    config.stages.sequence.keep_best = "perplexity"
    return config


# Seed document 001's own form.
_SEED_MODEL = {
    "bidirectional": False,
    "attention_hops": 0,
    "copy_words": False,
    "tie_embeddings": False,
    "residual_latent": False,
    "residual_frame": False,
    "picture_follows_caption": False,
    "train_autoencoder": True,
    "loss_weights": {"paint_loss": 0.0},
}


def set_seed_form(config: ml_collections.ConfigDict) -> None:
    """Turns a config's improvements off, back to seed document 001's form."""
    config.model.update(_SEED_MODEL)
    config.stages.sequence.captions = 1
