"""`python -m altedic` is the command `altedic`."""

from altedic.cli import main

main()
