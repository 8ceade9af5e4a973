"""Draws the pictures and logos of the demo catalogs: `python product_catalogs/drawing/draw.py [CATALOG ...]`."""

from __future__ import annotations

import argparse
import importlib
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from logos import LOGOS, draw_logo
from studio import develop

CATALOGS = ("tea", "skincare", "kueche")
ROOT = Path(__file__).resolve().parent.parent


def _draw(catalog: str, name: str, folder: Path, pixels: int) -> str:
    """One picture in its own process; returns what was done."""
    began = time.process_time()
    module = importlib.import_module(catalog)
    shot = next(shot for shot in module.SHOTS if shot.name == name)
    path = develop(shot, module.WORLD, folder, pixels)
    return f"{path}: {path.stat().st_size // 1024} kB, {time.process_time() - began:.0f} s"


def main() -> None:
    """Parses the command line and draws, one process for each core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogs", nargs="*", metavar="CATALOG", help=f"one of {', '.join(CATALOGS)}; all by default")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="draw only these pictures")
    parser.add_argument("--pixels", type=int, default=1000, help="width and height (default 1000)")
    parser.add_argument("--out", type=Path, default=ROOT, help="the folder that holds CATALOG/pictures")
    options = parser.parse_args()
    unknown = set(options.catalogs) - set(CATALOGS)
    if unknown:
        parser.error(f"no catalog named {', '.join(sorted(unknown))}; there are {', '.join(CATALOGS)}")
    with ProcessPoolExecutor() as processes:
        jobs = []
        for catalog in options.catalogs or CATALOGS:
            folder = options.out / catalog / "pictures"
            for shot in importlib.import_module(catalog).SHOTS:
                if not options.only or shot.name in options.only:
                    jobs.append(processes.submit(_draw, catalog, shot.name, folder, options.pixels))
            if not options.only:
                print(draw_logo(LOGOS[catalog], folder))
        for job in jobs:
            print(job.result(), flush=True)


if __name__ == "__main__":
    main()
