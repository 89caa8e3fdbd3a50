"""`python -m relflow` is `relflow`."""

from relflow.cli import main

main()
