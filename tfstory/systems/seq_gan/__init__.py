"""seq_gan: SeqGAN, and ORGAN's objectives (seed document 003)."""
