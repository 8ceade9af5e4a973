"""`python -m benchmarks [NAME ...]`: run the benchmarks, each in a process of its own, and keep their results."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("frame", "process", "rendering", "cut", "lips", "catalog_load")


def main(names: list[str]) -> int:
    unknown = set(names) - set(NAMES)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    return max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode for name in names or NAMES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
