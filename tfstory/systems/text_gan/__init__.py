"""text_gan: sentences from a policy and its discriminator (seed 002)."""
