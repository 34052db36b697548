"""Every setting of StoryReasoning, with the improved form's values."""

import ml_collections

from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/story_reasoning` change."""
    config = ml_collections.ConfigDict()
    config.system = "story_reasoning"
    config.seed = 0

    # Of a window, the last frame is predicted from those before.
    config.data = shared.stories()

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
        dict(
            caption_loss=1.0,
            image_loss=5.0,
            latent_loss=0.1,
            # These two are of the residual frame, and pass without it.
            paint_loss=2.0,
            # How likely the refiner's choices are; measured on shape stories
            # alone, and off elsewhere.
            choice_loss=0.0,
        )
    )

    config.stages = ml_collections.ConfigDict()
    config.stages.autoencoder = ml_collections.ConfigDict(
        dict(
            epochs=1,
            batch_size=16,
            learning_rate=1e-3,
            # Warm up over a twentieth of the stage, then fall along a cosine to
            # a twentieth of the rate.
            cosine_decay=True,
            keep_best="",
        )
    )
    config.stages.sequence = ml_collections.ConfigDict(
        dict(
            epochs=5,
            batch_size=32,
            learning_rate=2e-3,
            # The largest norm of a step's gradient; 0.0 for any.
            clip_norm=0.0,
            # At most so many captions of a story are learnt, the last ones;
            # the first frame's has nothing to go by.
            captions=3,
            cosine_decay=True,
            keep_best="",
        )
    )

    config.training = shared.training()
    config.pipeline = shared.pipeline(
        dict(l1=0.05, token_accuracy=0.5),
        no_worse=("l1", "token_accuracy"),
        no_worse_tolerance=0.02,
    )
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
}


def set_seed_form(config: ml_collections.ConfigDict) -> None:
    """Turns a config's improvements off, back to seed document 001's form."""
    config.model.update(_SEED_MODEL)
    config.stages.sequence.captions = 1
