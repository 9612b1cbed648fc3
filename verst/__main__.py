"""``python -m verst``: the command line."""

from verst.cli import main

main()
