"""`python -m benchmarks [NAME ...|all|gpu] [--short] [--check]`: run benchmarks and keep their results.

Without a name: the list of them. gpu: the three that measure networks for lips, where there is a CUDA device.
--short: a shorter form, where there is one, compared with short ones only. --check:
exit status 1 when a figure is more than 15 % worse than the last one measured alike.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks import kept
from benchmarks.compared import changes, verdict

FOLDER = Path(__file__).parent
LASTS = {
    "frame": "1 min",
    "process": "1 min",
    "rendering": "1 min",
    "cut": "4 min",
    "lips": "2 min",
    "catalog_load": "5 s",
    "gate": "20 s",
    "hooks": "1 min",
    "start": "1 min",
    "lateness": "11 min",
    "loop": "3 min",
    "first_sound": "3 min",
    "viewers": "4 min",
    "memory": "4 min",
    "soak": "31 min",
    "targets": "6 min",
    "page": "3 min",
    "target_drops": "15 min",
    "skew": "4 min",
    "marks": "1 min",
    "day": "3 min",
    "footage": "4 min",
    "firewall": "1 min",
    "flood": "3 min",
    "price": "11 min",
    "swap": "2 min",
    "recall": "3 min",
    "action": "10 min",
    "api_load": "3 min",
    "takeover": "4 min",
    "answers": "1 min",
    "writer": "1 min",
    "transcribe": "4 min",
    "lateness_ears": "4 min",
    "answering": "9 min",
    "rehearse": "1 min",
    "obs_loop": "12 min",
    "obs_scene": "4 min",
    "obs_killed": "4 min",
    "label": "60 min",
    "bench_mouth": "10 min",
    "bench_channels": "60 min",
    "bench_first_frame": "10 min",
}
NAMES = tuple(name for name in LASTS if (FOLDER / f"{name}.py").exists())
ON_GPU = ("bench_mouth", "bench_channels", "bench_first_frame")
RESULT = {"rendering": "render"}  # where the results have another name


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, gpu, or of {', '.join(NAMES)}")
    parser.add_argument("--short", action="store_true", help="the short form, where there is one")
    parser.add_argument("--check", action="store_true", help="exit status 1 on a regression")
    wanted = parser.parse_args(arguments)
    console = Console()
    names = list(NAMES) if wanted.names == ["all"] else wanted.names
    if names == ["gpu"]:
        if not _cuda():
            return 2
        names = list(ON_GPU)
    if unknown := set(names) - set(NAMES):
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if not names:
        console.print(listing())
        return 0
    failed, regressed = run(names, ["--short"] if wanted.short else [], console)
    return 1 if failed or (wanted.check and regressed) else 0


def _cuda() -> bool:
    """Whether there is a CUDA device; if not, it is said."""
    import torch

    if not torch.cuda.is_available():
        print(
            f"torch {torch.__version__} finds no CUDA device here. The same without one: "
            f"python -m benchmarks {' '.join(ON_GPU)}",
            file=sys.stderr,
        )
    return torch.cuda.is_available()


def listing() -> Table:
    """What there is, how long it takes, and what it says of itself."""
    table = Table("name", "lasts", "measures", box=None)
    for name in NAMES:
        about = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text())) or ""
        table.add_row(name, LASTS[name], escape(about.partition("\n\n")[0].replace("\n", " ")))
    return table


def run(names: list[str], options: list[str], console: Console) -> tuple[list[str], list[str]]:
    """Run each in a process of its own. The names that failed, and the names with a regression."""
    failed, regressed, said = [], [], []
    for number, name in enumerate(names, 1):
        console.rule(f"[bold]{name}[/] ({number} of {len(names)}, about {LASTS[name]})", align="left")
        result = RESULT.get(name, name)
        before, began = kept.rows(result), time.monotonic()
        alone = [] if name in ON_GPU else ["benchmarks.loopback"]  # these open nothing but a port of 127.0.0.1
        command = [sys.executable, "-m", *alone, f"benchmarks.{name}", *options]
        status = subprocess.run(command, cwd=FOLDER.parent, check=False).returncode
        fresh = kept.rows(result)[len(before) :]
        console.print(f"[dim]{name} took {time.monotonic() - began:.0f} s[/]")
        if status or not fresh:
            failed.append(name)
            said.append(f"{name}: failed with exit status {status}" if status else f"{name}: kept no result")
        for row in fresh:
            said += verdict(result, row, before)
            if any(change.regressed for change in changes(row, before)):
                regressed.append(name)
    console.rule("[bold]summary[/]", align="left")
    for sentence in said:
        console.print(f"[bold red]{escape(sentence)}[/]", highlight=False, soft_wrap=True)
    well = len(set(names)) - len({sentence.partition(":")[0] for sentence in said})
    console.print(f"{well} of {len(set(names))} without a complaint.")
    return failed, regressed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
