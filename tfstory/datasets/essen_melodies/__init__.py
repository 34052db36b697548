"""Folk songs of the Essen collection."""
