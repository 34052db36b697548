"""gaussian_gan: the smallest GAN, numbers to numbers (seed document 002)."""
