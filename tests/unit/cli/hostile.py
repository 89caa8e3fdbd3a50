"""Runs commands on hostile files in the folder that it is started in, under limits, and says how each one ended."""

from __future__ import annotations

import json
import resource
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from relflow.cli.app import run

__all__ = ["FACTS", "POLICY", "WORDS", "documents"]

MEMORY = 1_500_000_000
SECONDS = 60
HEAD = "policy: x\nversion: 1\n"
POLICY = """\
policy: x
version: 1
timezone: Asia/Shanghai
records: {order: {amount: {type: number}, on: {type: date}}}
facts:
  amount: {type: number, min: 0}
  segment: {type: string, one_of: [oil, gas]}
  opened: {type: date}
  seen: {type: datetime}
  vip: {type: boolean}
  orders: {type: [order]}
  tags: {type: [string]}
  name: {type: string}
decisions:
  size: {output: {type: number}, expression: amount * 2}
  kind:
    hit_policy: first
    output: {type: number}
    table: |
      | amount | segment || kind |
      | >= 50  | oil     || 1    |
      | -      | -       || 2    |
  many: {output: {type: number}, expression: 'count(orders[amount > 5 and on > @"2026-01-01"])'}
  tagged: {output: {type: boolean}, expression: 'list contains(tags, "x")'}
  old: {output: {type: boolean}, expression: today() - opened > days(90) or now() > seen or vip}
  long: {output: {type: number}, expression: string length(name)}
"""


def documents() -> dict[str, str]:
    """Policies that are read in bounded time, or not at all."""
    chain = "".join(f"  d{n}: {{output: {{type: number}}, expression: d{n + 1} + 1}}\n" for n in range(300))
    ring = "".join(f"  d{n}: {{output: {{type: number}}, expression: d{(n + 1) % 2_000} + 1}}\n" for n in range(2_000))
    nested = "".join(f"  r{n}: {{n: {{type: r{n + 1}}}}}\n" for n in range(2_000))
    rows = "".join(f"      | {n} || {n} |\n" for n in range(25_000))
    table = "decisions:\n  d:\n    output: {type: number}\n    hit_policy: first\n    table: |\n      | a || d |\n"
    return {
        "an open quote over many lines": HEAD + 'label: "' + "a\n  " * 100_000,
        "a number of 100,000 digits": HEAD + "parameters: {a: {type: number, value: " + "9" * 100_000 + "}}\n",
        "a bound of 100,000 digits": HEAD + "facts: {a: {type: number, min: " + "9" * 100_000 + "}}\n",
        "a huge exponent": HEAD + "parameters: {a: {type: number, value: 1e9999亿}}\n",
        "a long row of decisions": HEAD
        + "facts: {a: {type: number}}\ndecisions:\n"
        + chain
        + "  d300: {expression: a}\n",
        "a ring of 2,000 decisions": HEAD + "decisions:\n" + ring,
        "records within records": HEAD
        + "records:\n"
        + nested
        + "  r2000: {n: {type: number}}\nfacts: {x: {type: r0}}\n",
        "a table of 25,000 rows": HEAD + "facts: {a: {type: number}}\n" + table + rows,
    }


FACTS = {
    "deep lists": '{"tags": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "lists as deep as Python reads": '{"tags": ' + "[" * 900 + "]" * 900 + "}",
    "deep objects": '{"orders": ' + '[{"amount":' * 400 + "1" + "}]" * 400 + "}",
    "a deep cell of a CSV": 'amount,tags\n5,"' + "[" * 50_000 + '"\n',
    "an integer of 100,001 digits": '{"amount": ' + "9" * 100_001 + "}",
    "an exponent that no number has": '{"amount": 1e9999999999999999999999}',
    "an exponent of 999999": '{"amount": 1e999999}',
    "not a number": '{"amount": NaN}',
    "infinity": "amount\nInfinity\n",
    "a name twice": '{"amount": 5, "amount": 6}',
    "half a character": '{"segment": "\\ud800"}',
    "a value that the list lacks": '{"segment": "coal"}',
    "a day without sense": '{"opened": "2026-02-30"}',
    "a year without sense": '{"opened": "99999-12-31"}',
    "an instant without a zone": '{"seen": "2026-01-01"}',
    "a zone without sense": '{"seen": "2026-01-01T10:00:00@Europe/Nowhere"}',
    "a list for a number": '{"amount": [5]}',
    "a text for a list": '{"orders": "five"}',
    "a number for a text": '{"tags": {"a": 1}}',
    "a field of nothing": '{"orders": [{"amuont": 5}]}',
    "50,000 columns": ",".join(f"c{n}" for n in range(50_000)) + "\n" + ",".join("1" * 50_000) + "\n",
    "a null character": "amount\n\0005\n",
    "nothing": "",
    "an empty list": "[]",
    "a list of numbers": "[1, 2]",
}
WORDS = {
    "a value as long as a file": ("decide", "size", "amount=" + "9" * 100_000),
    "a path as long as a file": ("decide", "size", "x" * 100_000),
    "an instant before all time": ("decide", "old", "opened=2026-01-01", "--at", "0001-01-01T00:00+14:00"),
    "an instant as long as a file": ("decide", "old", "--at", "9" * 10_000),
    "a plan to the end of time": ("plan", "--days", "99999999999"),
    "a plan at the end of time": ("plan", "--at", "9999-12-31"),
    "an expression of brackets": ("feel", "(" * 100_000),
    "a deep context": ("feel", "a", "--context", '{"a": ' + "[" * 90_000 + "}"),
    "a context with a huge number": ("feel", "a", "--context", '{"a": ' + "9" * 50_000 + "}"),
    "a history that is none": ("plan", "--history", "list.json"),
}


def ended(*words: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = run(words)
    return code, out.getvalue()


def main() -> None:
    """Every case in one process, so that what one leaves behind would show in the next."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Path("policy.yaml").write_text(POLICY, encoding="utf-8")
    Path("list.json").write_text("[1, 2]", encoding="utf-8")
    found: dict[str, tuple[int, str]] = {}
    for name, text in documents().items():
        Path("hostile.yaml").write_text(text, encoding="utf-8")
        found[name] = ended("check", "hostile.yaml")
    Path("hostile.yaml").unlink()
    for name, text in FACTS.items():
        file = "facts.json" if text[:1] in "{[" else "facts.csv"
        Path(file).write_text(text, encoding="utf-8")
        found[name] = ended("decide", "--facts", file, "--at", "2026-07-01T10:00")
    for name, words in WORDS.items():
        found[name] = ended(*words)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
