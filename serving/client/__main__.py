"""Runs the client's command line: `python -m serving.client`."""

import sys

from serving.client.commands import main

if __name__ == "__main__":
    sys.exit(main())
