"""gRPC serving of SavedModels: a client and a development server."""
