"""Runs the development server: `python -m serving.server`."""

import sys

from serving.server.app import main

if __name__ == "__main__":
    sys.exit(main())
