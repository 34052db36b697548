"""CelebA as TFDS downloads it."""
