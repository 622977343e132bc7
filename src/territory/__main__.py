"""``python -m territory`` is ``territory``."""

from territory.cli import main

main()
