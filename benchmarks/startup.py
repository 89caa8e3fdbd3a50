"""Start-up: `import relflow` and `relflow --version` beside bare Python, in fresh processes."""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "relflow")
CASES = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import relflow": [sys.executable, "-c", "import relflow"],
    "import relflow; relflow.PolicyError": [sys.executable, "-c", "import relflow; relflow.PolicyError"],
    "relflow --version": [SCRIPT, "--version"],
    "relflow --help": [SCRIPT, "--help"],
}
LIMITS = {"import relflow": 80.0, "relflow --version": 150.0}


def milliseconds(command: list[str]) -> float:
    """Wall-clock time of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000


def measure(runs: int) -> dict[str, list[float]]:
    """All cases in turn, so that a busy moment hits each alike; the first round only warms the caches."""
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for round_ in range(runs + 1):
        for name, command in CASES.items():
            elapsed = milliseconds(command)
            if round_:
                times[name].append(elapsed)
    return times


def main() -> None:
    """Print median, least and the median above bare Python; the limit beside those that have one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    times = measure(parser.parse_args().runs)
    bare = median(times["python -c pass"])
    print(f"{'':30}{'median ms':>10}{'least':>8}{'on top':>8}")
    for name, values in times.items():
        limit = f"   (limit {LIMITS[name]:.0f})" if name in LIMITS else ""
        print(f"{name:30}{median(values):10.1f}{min(values):8.1f}{median(values) - bare:8.1f}{limit}")


if __name__ == "__main__":
    main()
