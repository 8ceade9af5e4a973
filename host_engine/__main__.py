"""`python -m host_engine` is the same as `host-engine`."""

from .cli import main

main()
