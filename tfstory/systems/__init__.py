"""The seed documents' models, one folder a system."""
