"""StoryGAN: a story in sentences to a coherent sequence of pictures."""
