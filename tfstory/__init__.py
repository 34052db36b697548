"""tfstory: adversarial and multimodal story models, from data to serving."""

__version__ = "0.1.0"
