"""Single scenes of shape stories, with what stands where."""
