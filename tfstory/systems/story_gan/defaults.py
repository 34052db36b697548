"""Every setting of StoryGAN, with the values that the built-in data take."""

import ml_collections

from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/story_gan` change."""
    config = ml_collections.ConfigDict()
    config.system = "story_gan"
    config.seed = 0

    # In use a story may have up to 64 frames, however many these are. Pictures
    # have 16, 32, 64, 128 or 256 pixels.
    config.data = shared.stories()

    config.model = ml_collections.ConfigDict()
    # "gru", "convolution" or "bag"; "minilm" for the pretrained encoder, which
    # README.md says how to install.
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
    # Show the image generator i_t itself beside the gist; the seed does not.
    config.model.gist_with_reading = False
    config.model.generator_width = 16
    # How often the image generator's 16x16 map looks at the phrases told so
    # far, and its channels then. The seed's paints from gists alone, 0.
    config.model.attention_hops = 0
    config.model.attention_units = 128
    # "batch", "group" or "none".
    config.model.generator_normalization = "batch"
    # False leaves a generator that learns by its error alone, a baseline:
    # give stages.reconstruction epochs (and loss_weights.l1_loss 10.0,
    # l2_loss 0.0, for the L1-only generator).
    config.model.discriminators = True
    config.model.discriminator_width = 16
    config.model.discriminator_features = 128
    config.model.discriminator_normalization = "none"
    config.model.spectral_normalization = True
    # Decay of the generator's averaged weights, after a beginning in which it
    # grows; they are the ones that are used. 0 uses the trained weights.
    config.model.ema_decay = 0.999

    config.stages = ml_collections.ConfigDict()
    # Before the generator has an adversary; no epochs leave it out.
    config.stages.reconstruction = ml_collections.ConfigDict(
        dict(
            epochs=0,
            batch_size=16,
            generator_learning_rate=1e-3,
            beta_1=0.9,
            halve_every_epochs=0,
            loss_weights=dict(kl_loss=0.01, l1_loss=10.0, l2_loss=0.0),
            keep_best="",
        )
    )
    config.stages.adversarial = ml_collections.ConfigDict(
        dict(
            epochs=4,
            # Stories a step.
            batch_size=16,
            # Frames of them that the image discriminator's and the
            # generator's image loss take; 0 takes all. (The published trainer
            # draws them from stories of their own.)
            image_batch_size=0,
            generator_learning_rate=1e-3,
            discriminator_learning_rate=4e-4,
            beta_1=0.5,
            # 0 keeps the learning rates as they are.
            halve_every_epochs=0,
            # Of each, in a step: of the same stories, each with new noise.
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
                l2_loss=0.0,
                # Has seeds differ in what the words leave open, by a second
                # drawing of each story.
                mode_seeking_loss=0.0,
            ),
            keep_best="",
        )
    )

    config.evaluation = ml_collections.ConfigDict()
    # Directory of an exported attribute_classifier (a SavedModel), to judge
    # what stands where in generated stories of shape_stories or clevr_sv.
    config.evaluation.attribute_classifier = ""
    # The same of an exported story_matcher, to find the text of generated
    # pictures among others.
    config.evaluation.story_matcher = ""
    # An .h5 file of InceptionV3 without its top, as keras.applications loads
    # it, for Frechet distances in its features, too.
    config.evaluation.inception_weights = ""

    config.training = shared.training()
    config.pipeline = shared.pipeline(
        dict(ssim=0.5),
        better_than_baselines=("ssim_mean_picture",),
        no_worse=("ssim",),
        no_worse_tolerance=0.02,
    )
    return config


def get_attention_config() -> ml_collections.ConfigDict:
    """Returns the config for pictures of several things, each in its place.

    From one vector nobody could paint these: the image generator looks at the
    phrases of the story, and learns what they say, by L2, before it has an
    adversary (`reconstruction.Reconstruction` says why).
    """
    config = get_config()
    config.model.sentence_encoder = "convolution"
    config.model.units = 256
    config.model.context_size = 256
    config.model.filter_channels = 4
    config.model.gist_with_reading = True
    config.model.attention_hops = 2
    config.model.generator_width = 32
    config.stages.reconstruction.epochs = 6
    config.stages.reconstruction.loss_weights.l1_loss = 0.0
    config.stages.reconstruction.loss_weights.l2_loss = 200.0
    config.stages.adversarial.generator_learning_rate = 2e-4
    return config
