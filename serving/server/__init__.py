"""A development server that speaks TF Serving's gRPC API."""
