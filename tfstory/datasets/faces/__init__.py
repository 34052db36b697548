"""CelebA from a copy of its files."""
