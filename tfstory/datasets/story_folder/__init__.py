"""A user's own folder of illustrated stories."""
