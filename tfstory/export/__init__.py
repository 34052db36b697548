"""SavedModel with signatures, vocabulary and warm-up requests."""
