"""Every setting of StoryGAN, with the values that the built-in data take."""

import ml_collections


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/story_gan` change."""
    config = ml_collections.ConfigDict()
    config.system = "story_gan"
    config.seed = 0

    config.data = ml_collections.ConfigDict()
    config.data.dataset = "shape_stories"
    # Arguments of the dataset's TFDS builder.
    config.data.builder = ml_collections.ConfigDict()
    # Frames a story in training; in use a story may have any number.
    config.data.frames = 5
    config.data.stride = 1
    # 16, 32, 64, 128 or 256 pixels.
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
    # "gru" or "bag".
    config.model.sentence_encoder = "gru"
    config.model.embedding_size = 64
    config.model.sentence_size = 128
    # Of i_t, of h_t and of a frame's noise.
    config.model.units = 128
    config.model.context_size = 128
    config.model.noise_size = 10
    # Text2Gist's filters.
    config.model.filter_size = 15
    config.model.filter_channels = 16
    # Filter the context with the sentence told, h_t; False is the seed's form,
    # h_{t-1}.
    config.model.filter_current = False
    config.model.generator_width = 16
    # "batch", "group" or "none".
    config.model.generator_normalization = "batch"
    # False leaves a generator that learns by L1 alone, the baseline.
    config.model.discriminators = True
    config.model.discriminator_width = 16
    config.model.discriminator_features = 128
    config.model.discriminator_normalization = "none"
    config.model.spectral_normalization = True
    # Decay of the generator's averaged weights, which are then the ones that
    # are used; 0 uses the trained weights themselves.
    config.model.ema_decay = 0.999

    config.stages = ml_collections.ConfigDict()
    config.stages.adversarial = ml_collections.ConfigDict(
        dict(
            epochs=4,
            # Stories a step.
            batch_size=16,
            # Frames of them that the image discriminator's and the
            # generator's image loss take; 0 takes all.
            image_batch_size=0,
            generator_learning_rate=1e-3,
            discriminator_learning_rate=4e-4,
            beta_1=0.5,
            # 0 keeps the learning rates as they are.
            halve_every_epochs=0,
            # Of each, in a step.
            image_discriminator_steps=1,
            story_discriminator_steps=1,
            generator_steps=1,
            # "minimax", "non_saturating" or "hinge".
            loss="hinge",
            # Right pictures with wrong sentences are false too.
            mismatched=True,
            r1_weight=0.0,
            loss_weights=dict(
                # alpha and beta of seed document 000.
                image_loss=1.0,
                story_loss=1.0,
                kl_loss=0.01,
                l1_loss=10.0,
            ),
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
    config.pipeline.gates = ml_collections.ConfigDict(dict(ssim=0.5))
    # Metrics, or single baselines such as "l1_mean_picture", that a model
    # must strictly beat to be blessed.
    config.pipeline.better_than_baselines = ("ssim_mean_picture",)
    # Metrics that may not get worse than the last blessed model's.
    config.pipeline.no_worse = ("ssim",)
    # Share of its value by which such a metric may get worse all the same.
    config.pipeline.no_worse_tolerance = 0.02
    config.pipeline.latency_budget_ms = 500.0
    return config
