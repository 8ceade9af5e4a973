"""`python -m host_engine` is the same as `host-engine`."""

from host_engine.cli import main

main()
