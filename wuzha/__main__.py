"""`python -m wuzha` is the `wuzha` command."""

import sys

from wuzha.cli import main

if __name__ == "__main__":
    sys.exit(main())
