"""StoryReasoning: film stories with grounded sentences."""
