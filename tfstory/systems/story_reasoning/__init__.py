"""StoryReasoning: autoencoder, then the next frame and its caption."""
