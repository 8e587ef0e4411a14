"""`python -m bailiwick` and the `bailiwick` command."""

from __future__ import annotations

from bailiwick.cli import main

if __name__ == "__main__":
    main()
