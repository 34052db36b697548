"""Pictures of a folder."""
