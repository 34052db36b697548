"""Runs the development server: `python -m serving.server`."""

import os
import sys

if __name__ == "__main__":
    # What the server cannot do it says itself, in one line.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from serving.server.app import main

    sys.exit(main())
