"""All benchmarks against peers in one table: times, ratios, versions and spread.

    python -m benchmarks [--threads 1] [--rounds 5] [--quick] [--only TEXT] [--json FILE]

Each benchmark is a process of its own, so that no library meets another's settings. Peers that are not installed are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import comparison

BENCHMARKS = ("hessians", "newton", "ensemble", "p_spin", "finders")


def main() -> None:
    """Print one table, and write all measurements as JSON on request."""
    given = comparison.arguments(__doc__).parse_args()
    print(comparison.conditions(given.threads), comparison.HEADER, sep="\n\n", flush=True)
    measured = {}
    for name in BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.json"
            command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(path), "--only", given.only]
            command += ["--threads", str(given.threads), "--rounds", str(given.rounds), *(["--quick"] if given.quick else [])]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"benchmarks.{name} failed:\n{done.stderr}")
            measured[name] = json.loads(path.read_text())
        for row in measured[name]:
            print(*comparison.Comparison(**row).lines(name), sep="\n", flush=True)
    if given.json:
        given.json.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main()
