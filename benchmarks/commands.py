"""What an analyst waits for: `relflow check` as a command, 1,000 rules made ready, a year's contacts.

Every figure stands beside a floor that is measured in the same run: bare Python, the YAML parser alone on the same
text, a loop that only adds days. Bytecode is kept in a folder of this run, as an installed package has it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import yaml

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.policy import build
from relflow.reader import read_text
from relflow.results import Contact

SHIPPED = ("general", "key_accounts", "petrochemical", "petroleum", "services")
SCRIPT = Path(sysconfig.get_path("scripts")) / "relflow"
TABLES, ROWS = 20, 50
PLAN = """\
policy: plan
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
facts:
  tier: {type: string, one_of: [key, general]}
  contract_end: {type: date}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit, counts_as: [call]}
      call: {channel: phone}
      mail: {channel: email, purpose: promotion}
    plan: |
      | tier    || touchpoint | target   | at_most  |
      | key     || visit      | 1 month  | 3 months |
      | general || visit      | 3 months | 6 months |
      | -       || call       | 1 month  |          |
      | -       || mail       | 1 month  |          |
    key_nodes: [{before: contract_end, within: 90 days, times_as_often: 2}]
    caps: {promotion: {count: 1, per: 1 month}}
    on_non_working_day: previous
"""


def thousand_rules() -> str:
    """A policy of 20 tables with 50 rows each: amounts, years, enumerations, a level out."""
    facts = ["  amount: {type: number, unit: CNY, min: 0}", "  years: {type: number, min: 0}"]
    facts.append("  branch: {type: string, one_of: [oil, gas, chemicals, retail, other]}")
    branches = ["oil", "gas", "chemicals", "retail", "other"]
    decisions = []
    for number in range(TABLES):
        rows = []
        for row in range(ROWS - 1):
            amount, years = (ROWS - row) * 10_000 + number, row % 7
            branch = f'"{branches[row % 5]}", "{branches[(row + number) % 5]}"' if row % 3 else "-"
            rows.append(f"      | >= {amount} | >= {years} | {branch} || level_{row % 9} | as row {row} says |")
        rows.append("      | - | - | - || level_0 | all others |")
        head = "      | amount | years | branch || answer | because |"
        levels = ", ".join(f"level_{level}" for level in range(9))
        output = f"    output: {{type: string, one_of: [{levels}]}}"
        decisions += [f"  d{number}:", "    hit_policy: first", output, "    table: |", head, *rows]
    return "\n".join(["policy: large", "version: 1", "facts:", *facts, "decisions:", *decisions, ""])


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median computing time of a piece of work: what else the machine does is left out."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times)


def commands(runs: int, folder: str) -> None:
    """Whole commands in fresh processes, in turn."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPYCACHEPREFIX": folder}
    cases = {"python -c pass": [sys.executable, "-c", "pass"]}
    cases |= {f"relflow check shipped:{name}": [str(SCRIPT), "check", f"shipped:{name}"] for name in SHIPPED}
    times: dict[str, list[float]] = {name: [] for name in cases}
    computed: dict[str, list[float]] = {name: [] for name in cases}
    for round_ in range(runs + 1):
        for name, command in cases.items():
            start, before = time.perf_counter(), _children()
            subprocess.run(command, capture_output=True, check=True, env=environment)
            if round_:
                times[name].append(time.perf_counter() - start)
                computed[name].append(_children() - before)
    bare = median(times["python -c pass"])
    print(f"{'':38}{'median ms':>10}{'least':>8}{'CPU':>8}{'bare Python':>13}")
    for name, values in times.items():
        limit = "   (limit 500)" if name != "python -c pass" else ""
        told = f"{median(values) * 1000:10.0f}{min(values) * 1000:8.0f}{min(computed[name]) * 1000:8.0f}"
        print(f"{name:38}{told}{median(values) / bare:12.1f}x{limit}")


def _children() -> float:
    """The computing time of all processes that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def thousand(runs: int) -> None:
    """A thousand rules from text to program, then to every finding, beside the YAML parser alone."""
    text = thousand_rules()
    model, found = read_text(text)
    if model is None or found:
        raise SystemExit(f"the policy of the benchmark has findings: {found}")
    program, more = compile_model(model)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    floor = seconds(lambda: yaml.compose(text, loader), runs)
    read = seconds(lambda: read_text(text), runs)
    compiled = seconds(lambda: compile_model(model), runs)
    checked = seconds(lambda: list(check_program(program, sound=not more)), runs)
    print(f"\n{TABLES * ROWS:,} rules, {len(text):,} characters; YAML parsed alone {floor * 1000:.0f} ms")
    for name, value, limit in (
        ("read", read, ""),
        ("compile", compiled, ""),
        ("read and compile", read + compiled, "   (limit 300 ms)"),
        ("with every check", read + compiled + checked, "   (limit 1500 ms)"),
    ):
        print(f"  {name:36}{value * 1000:10.0f} ms{value / floor:9.1f}x{limit}")


def contacts(runs: int) -> None:
    """The contacts of one account for a year, beside a loop that adds as many dates."""
    policy = build(*read_text(PLAN))
    today = date(2026, 3, 2)
    record = {"tier": "key", "contract_end": date(2026, 9, 30)}
    history = [
        Contact("visit", date(2026, 2, 10)),
        Contact("call", date(2026, 1, 20)),
        Contact("mail", date(2026, 2, 27)),
    ]
    year = date(2027, 3, 2)
    plan = policy.plan_contacts(record, history, today, year)

    def by_hand() -> list[date]:
        return [today + timedelta(days=7 * number) for number in range(len(plan))]

    planned = seconds(lambda: [policy.plan_contacts(record, history, today, year) for _ in range(20)], runs) / 20
    floor = seconds(lambda: [by_hand() for _ in range(200)], runs) / 200
    print(f"\none account, one year: {len(plan)} contacts; as many dates by a bare loop {floor * 1e6:.1f} us")
    print(f"  {'plan_contacts':36}{planned * 1e6:10.0f} us{planned / floor:9.0f}x   (limit 1000 us)")


def main() -> None:
    """Print all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        commands(runs, folder)
    thousand(runs)
    contacts(runs)


if __name__ == "__main__":
    main()
