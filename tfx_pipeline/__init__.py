"""The TFX pipeline: from stories to a blessed, pushed model."""
