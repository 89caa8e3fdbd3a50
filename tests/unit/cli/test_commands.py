"""The commands over a small policy: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from relflow.cli.app import run

Screen = pytest.CaptureFixture[str]
Answer = tuple[int, str, str]


@pytest.fixture
def call(oil: Path, capsys: Screen) -> Callable[..., Answer]:
    """Run a command in the policy's folder; exit code, standard output and standard error."""

    def call_(*words: str) -> Answer:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def test_check_of_a_sound_policy_names_the_next_step(call: Callable[..., Answer]) -> None:
    """Open questions do not fail a check; they are listed, and what comes next is said."""
    code, out, err = call("check")

    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == ".: no mistakes; 3 open questions, 2 hints; next: relflow test"


def test_check_reports_every_mistake(call: Callable[..., Answer], oil: Path) -> None:
    """Two mistakes in one file are two findings, exit 1; JSON has all their keys."""
    (oil / "more.yaml").write_text("decisions:\n  a: {expression: amout > 1}\n  b: {expression: 1 +}\n")
    code, out, err = call("check", "more.yaml", "--format", "json")
    findings = json.loads(out)["findings"]

    assert (code, err) == (1, "")
    assert [(found["name"], found["line"], found["help"]) for found in findings] == [
        ("unknown-name", 2, "did you mean `amount`?"),
        ("feel-syntax", 3, "complete it, or delete what stands at its end"),
    ]


def test_a_command_that_needs_the_policy_shows_its_mistakes(call: Callable[..., Answer], oil: Path) -> None:
    """Deciding with a policy that does not load prints the findings and exits 1."""
    (oil / "more.yaml").write_text("decisions:\n  a: {expression: 1 +}\n")
    code, out, err = call("decide", "amount=1")

    assert (code, out) == (1, "")
    assert err.startswith("more.yaml:2:21: error[feel-syntax]")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["check", "nowhere"], "error: `nowhere`: there is no such file or folder\n"),
        (["check", "shipped:nothing"], "error: nothing called `shipped:nothing` is shipped"),
        (["decide", "nothing"], "error: the policy has no `nothing` to decide"),
        (["decide", "amout=3"], "error: `amout` is not declared; did you mean `amount`?\n"),
        (["decide", "amount=many", "years=x"], "`many`"),
        (["decide", "amount=-1"], "`-1`"),
        (["decide", "--plugin", "nothing"], "nothing"),
        (["explain"], "error: say which decision to explain"),
        (["plan", "--facts", "many.csv"], "error: plan takes one account"),
        (["plan", "--history", "bad.csv"], "error: `bad.csv`, contact 1"),
        (["case", "show", "C9"], "C9"),
        (["case", "open", "repar"], "error: the policy has no workflow `repar`; did you mean `repair`?"),
        (
            ["case", "open", "repair", "descripton=x"],
            "error: `descripton` is not declared; did you mean `description`?",
        ),
        (["case", "list", "--at", "2026-07-01"], "error: `--at` needs a time of day here"),
        (["case", "list", "--store", "bad.csv"], "bad.csv"),
        (["case", "list", "--accounts", "bad.csv"], "error: `bad.csv` needs a column `id`"),
    ],
)
def test_what_cannot_be_read_is_exit_2(call: Callable[..., Answer], oil: Path, words: list[str], text: str) -> None:
    """Unknown names, bad values, files of the wrong kind: one clear message, nothing on standard output."""
    (oil / "many.csv").write_text("id,amount\nA,1\nB,2\n")
    (oil / "bad.csv").write_text("touchpoint\nvisit\n")
    code, out, err = call(*words)

    assert (code, out) == (2, "")
    assert text in err


def test_no_policy_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without a policy is named, with the way to begin one."""
    monkeypatch.chdir(tmp_path)

    assert run(["check"]) == 2
    assert "relflow init" in capsys.readouterr().err


def test_decide_answers_everything_about_one_account(call: Callable[..., Answer]) -> None:
    """Without a name all decisions and schemes are answered, each with the row that decided."""
    visits = 'visits=[{"on": "2026-02-03"}, {"on": "2025-02-03"}]'
    code, out, err = call("decide", "amount=6000万", "years=3", visits)

    assert (code, err) == (0, "oil 1\n")
    assert out.splitlines() == [
        "by_amount  key  row 1, tiers.yaml:17  large",
        "visited    1",
        "tier       key  row 1, tiers.yaml:17  large",
    ]


def test_decide_names_what_is_missing(call: Callable[..., Answer]) -> None:
    """An unknown answer is no failure; the facts that would settle it are named."""
    code, out, err = call("decide", "by_amount", "amount=6000万", "--lang", "zh")

    assert (code, out) == (0, "by_amount  未知\n")
    assert err == "缺少：years\noil 1\n"


def test_decide_as_json_is_the_decision(call: Callable[..., Answer]) -> None:
    """One name gives one object with value, row, reason and what is missing."""
    _, out, _ = call("decide", "by_amount", "amount=6000万", "years=3", "--format", "json", "--lang", "zh")
    found = json.loads(out)

    assert (found["value"], found["because"], found["rule"]["place"]) == ("key", "规模大", "tiers.yaml:17")


def test_decide_reads_a_file_and_keeps_going(call: Callable[..., Answer], oil: Path) -> None:
    """Each row of a CSV is a line; a row that cannot be read is named and holds up none of the others."""
    (oil / "crm.csv").write_text("id,amount,years,phone\nA,6000万,3,1\nB,many,3,2\nC,1,,3\n")
    code, out, err = call("decide", "tier", "--facts", "crm.csv")

    assert code == 2
    assert [line.split() for line in out.splitlines()] == [["account", "tier"], ["A", "key"], ["C", "regular"]]
    assert err == "error: B: `amount`: `many` is not a number (write digits, e.g. `5_000_000`, `5000万`, `80%`)\n"


def test_decide_warns_of_columns(call: Callable[..., Answer], oil: Path) -> None:
    """A misspelt column and one that is lacking are named with exit 1; the answers come all the same."""
    (oil / "crm.csv").write_text("id,amuont\nA,6000万\n")
    code, out, err = call("decide", "tier", "--facts", "crm.csv")

    assert (code, out.splitlines()[1].split()) == (1, ["A", "unknown"])
    assert err.splitlines() == [
        "warning: `amuont` is no fact of the policy: did you mean `amount`?",
        "warning: no column for `years`, which by_amount read",
    ]


def test_decide_takes_words_over_the_file(call: Callable[..., Answer], oil: Path) -> None:
    """Facts of the command line hold for every record of the file."""
    (oil / "crm.json").write_text('[{"id": "A", "amount": 60000000}, {"id": "B", "amount": 60000000, "years": 1}]')
    code, out, _ = call("decide", "tier", "--facts", "crm.json", "years=5", "--format", "json")

    assert code == 0
    assert [(row["id"], row["answers"][0]["level"]) for row in json.loads(out)] == [("A", "key"), ("B", "key")]


def test_explain_says_what_would_change_it(call: Callable[..., Answer]) -> None:
    """The explanation has the row that decided and how far the better one is."""
    code, out, err = call("explain", "by_amount", "amount=4000万", "years=4")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["regular", "oil", "1,", "row", "2,", "tiers.yaml:18"]
    assert "10,000,000 short" in out


def test_explain_takes_a_file(call: Callable[..., Answer], oil: Path) -> None:
    """Each record of a file is explained under its id, as text or JSON; a bad one is named."""
    (oil / "two.csv").write_text("id,amount,years\nA,6000万,3\nB,1,1\n")
    (oil / "bad.csv").write_text("id,amount\nA,many\n")
    _, text, _ = call("explain", "by_amount", "--facts", "two.csv")
    _, data, _ = call("explain", "by_amount", "--facts", "two.csv", "--format", "json")

    assert [line for line in text.splitlines() if line in {"A:", "B:"}] == ["A:", "B:"]
    assert len(json.loads(data)) == 2
    assert call("explain", "by_amount", "--facts", "bad.csv") == (
        2,
        "",
        "error: A: `amount`: `many` is not a number (write digits, e.g. `5_000_000`, `5000万`, `80%`)\n",
    )


def test_explain_writes_a_page(call: Callable[..., Answer], oil: Path) -> None:
    """As HTML it is one page that loads nothing, with a section for each record and the sentences of the text."""
    (oil / "two.csv").write_text("id,amount,years\n<A>,4000万,4\nB,1,1\n")
    code, out, err = call("explain", "by_amount", "--facts", "two.csv", "--format", "html")

    assert (code, err) == (0, "")
    assert out.startswith("<!doctype html>")
    assert "&lt;A&gt;</h2>" in out
    assert "10,000,000 short" in out
    assert "http" not in out


def test_plan_prints_days_and_what_is_not_set(call: Callable[..., Answer]) -> None:
    """A line a contact; one whose rhythm the company has not set says so."""
    code, out, err = call("plan", "amount=6000万", "years=3", "--at", "2026-07-01", "--days", "40", "--lang", "zh")

    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["日期", "2026-07-01", "2026-08-01", "未设定"]


def test_plan_counts_from_the_history(call: Callable[..., Answer], oil: Path) -> None:
    """A contact that was made moves the next one."""
    (oil / "made.csv").write_text("touchpoint,on\nvisit,2026-06-20\n")
    words = ["amount=6000万", "years=3", "--at", "2026-07-01", "--history", "made.csv", "--format", "json"]
    _, out, _ = call("plan", *words, "--days", "30")

    assert [found["on"] for found in json.loads(out) if found["touchpoint"] == "visit"] == ["2026-07-20"]


def test_failed_tests_say_where_and_why(call: Callable[..., Answer]) -> None:
    """A failed test shows its place, its name and the difference; the last line counts."""
    code, out, err = call("test")
    lines = err.splitlines()

    assert (code, out) == (1, "")
    assert lines[0] == "tiers.test.yaml:7: failed: is wrong on purpose"
    assert lines[-1] == "1 of 2 failed"


def test_selected_tests_pass(call: Callable[..., Answer]) -> None:
    """Only tests whose name holds the text run."""
    assert call("test", "-k", "50 million") == (0, "1 passed\n", "")


def test_no_tests_is_a_failure(call: Callable[..., Answer], oil: Path) -> None:
    """A run that tests nothing proves nothing."""
    (oil / "tiers.test.yaml").unlink()
    code, out, err = call("test")

    assert (code, out) == (1, "")
    assert err.startswith("no tests found")


def test_junit_and_github_name_the_failed_test(call: Callable[..., Answer]) -> None:
    """CI servers get XML, GitHub gets an annotation."""
    _, xml, _ = call("test", "--format", "junit")
    _, github, _ = call("test", "--format", "github")
    suite = ET.fromstring(xml.split("\n", 1)[1])

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None] == [
        "is wrong on purpose"
    ]
    assert github.startswith("::error file=tiers.test.yaml,line=7,col=1,title=is wrong on purpose::")


def test_schema_is_json_schema(call: Callable[..., Answer]) -> None:
    """The schema is one JSON document on standard output."""
    code, out, err = call("schema")

    assert (code, err) == (0, "")
    assert json.loads(out)["$schema"].startswith("http://json-schema.org/draft-07")


def test_calendar_takes_the_policys(call: Callable[..., Answer]) -> None:
    """In a policy's folder its opening hours count."""
    code, out, err = call("calendar", "--from", "2026-02-13T17:30", "--add", "4 working hours")

    assert (code, out, err) == (0, "2026-02-14 14:00 Sat\n", "shifted working day (Spring Festival)\n")


class TestCase:
    """`relflow case`, from opening to closing."""

    def opened(self, call: Callable[..., Answer], *words: str) -> str:
        """The id of a case that was opened on the Friday before Spring Festival's shifted Saturday."""
        code, out, err = call(
            "case", "open", "repair", "description=leak", "--as", "handler", "--who", "li",
            "--at", "2026-02-13T17:30", "--format", "json", *words,
        )  # fmt: skip
        assert (code, err) == (0, "")
        return str(json.loads(out)["id"])

    def test_opening_shows_the_case(self, call: Callable[..., Answer]) -> None:
        """State, data and clocks in the session's language; working hours count the shifted Saturday."""
        words = ["--as", "handler", "--at", "2026-02-13T17:30", "--lang", "zh"]
        _, out, _ = call("case", "open", "repair", "description=漏油", *words)
        lines = [line.split() for line in out.splitlines()]

        assert ["状态", "已受理", "(received)"] in lines
        assert ["描述", "漏油"] in lines
        assert out.splitlines()[-1].endswith("计时中，2026-02-14 14:00 到期")

    def test_a_key_opens_once(self, call: Callable[..., Answer]) -> None:
        """The same key gives the same case."""
        assert self.opened(call, "--key", "T-1") == self.opened(call, "--key", "T-1")

    def test_the_wrong_role_is_refused(self, call: Callable[..., Answer]) -> None:
        """Who lacks the role gets the reason and exit 1; the case stays where it is."""
        id_ = self.opened(call)
        code, out, err = call("case", "fire", id_, "accept", "--as", "lead", "--who", "wu")
        _, shown, _ = call("case", "show", id_, "--format", "json")

        assert (code, out) == (1, "")
        assert "handler" in err
        assert json.loads(shown)["state"] == "received"

    def test_an_unknown_event_is_bad_usage(self, call: Callable[..., Answer]) -> None:
        """A misspelt event is named with the one that was meant."""
        code, out, err = call("case", "fire", self.opened(call), "acept", "--as", "handler")

        assert (code, out) == (2, "")
        assert "did you mean `accept`?" in err

    def test_needed_data_are_asked_for(self, call: Callable[..., Answer]) -> None:
        """Closing without the cost is refused, with it the case closes; its history tells the story."""
        id_ = self.opened(call)
        at = ["--as", "handler", "--who", "li", "--at", "2026-02-14T10:00"]
        call("case", "fire", id_, "accept", *at)
        refused = call("case", "fire", id_, "finish", *at)
        done = call("case", "fire", id_, "finish", "cost=1万", *at)
        _, timeline, _ = call("case", "timeline", id_)

        assert (refused[0], done[0]) == (1, 0)
        assert "cost" in refused[2]
        assert "10,000" in done[1]
        assert sum(line.startswith("2026-02-1") for line in timeline.splitlines()) == 3

    def test_the_same_event_id_fires_once(self, call: Callable[..., Answer]) -> None:
        """A second firing with the same id returns what the first one did."""
        id_ = self.opened(call)
        words = ["--as", "handler", "--event-id", "e1", "--at", "2026-02-13T17:40", "--format", "json"]
        first = call("case", "fire", id_, "accept", *words)
        second = call("case", "fire", id_, "accept", *words)

        assert (first[0], second[0]) == (0, 0)
        assert json.loads(first[1])["version"] == json.loads(second[1])["version"] == 2

    def test_a_stale_version_is_a_conflict(self, call: Callable[..., Answer]) -> None:
        """Who saw an older version than the store has is told so."""
        id_ = self.opened(call)
        call("case", "fire", id_, "accept", "--as", "handler", "--at", "2026-02-13T17:40")
        code, _, _ = call("case", "fire", id_, "finish", "cost=1", "--as", "handler", "--version", "1")

        assert code == 1

    def test_allowed_lists_what_may_happen(self, call: Callable[..., Answer]) -> None:
        """Each event with whether it may be fired, or why not."""
        id_ = self.opened(call)
        _, mine, _ = call("case", "allowed", id_, "--as", "handler", "--format", "json")
        _, others, _ = call("case", "allowed", id_, "--as", "lead", "--lang", "zh")

        assert json.loads(mine) == [{"event": "accept", "needs": [], "refused": None}]
        assert "handler" in others

    def test_run_fires_what_is_due_and_keeps_what_nobody_delivers(self, call: Callable[..., Answer]) -> None:
        """A late clock breaches; its notification waits for a deliverer, or is printed on request, once."""
        id_ = self.opened(call)
        later = ["--at", "2026-02-14T14:00"]
        _, _, waiting = call("case", "run", *later)
        _, printed, _ = call("case", "run", "--print", *later)
        _, again, _ = call("case", "run", "--print", *later)
        _, shown, _ = call("case", "show", id_, "--format", "json")

        assert "waiting for a plugin that delivers: 1 notifications" in waiting
        assert "too late" in printed
        assert "too late" not in again
        assert json.loads(shown)["clocks"]["response"]["breached"] is True

    def test_a_signal_is_told_and_checked(self, call: Callable[..., Answer], oil: Path) -> None:
        """What happened to an account is told by an event that the policy declares, its data typed."""
        (oil / "crm.csv").write_text("id,amount\nC-1,1\n")
        words = ["--accounts", "crm.csv", "--account", "C-1", "--event-id", "e-1", "--at", "2026-02-13T17:30"]
        told = call("case", "signal", "complained", "loud=true", *words)
        unknown = call("case", "signal", "complaind", *words)
        wrong = call("case", "signal", "complained", "loud=very", *words)

        assert (told[0], unknown[0], wrong[0]) == (0, 2, 2)
        assert "did you mean `complained`?" in unknown[2]
        assert "`loud`" in wrong[2]

    def test_lists_and_timelines_are_json_too(self, call: Callable[..., Answer]) -> None:
        """Programs read the same as people, as data."""
        id_ = self.opened(call)
        _, cases, _ = call("case", "list", "--format", "json")
        _, history, _ = call("case", "timeline", id_, "--format", "json")

        assert [case["id"] for case in json.loads(cases)] == [id_]
        assert [(entry["seq"], entry["after"]) for entry in json.loads(history)] == [(1, "received")]

    def test_list_shows_what_is_open(self, call: Callable[..., Answer]) -> None:
        """Cases are listed with their next due instant; an empty list says so on standard error."""
        nothing = call("case", "list")
        id_ = self.opened(call)
        _, out, _ = call("case", "list", "--open")

        assert nothing == (0, "", "no cases\n")
        assert out.splitlines()[1].split() == [id_, "repair", "received", "2026-02-14", "14:00"]


def test_a_workflow_is_drawn(call: Callable[..., Answer]) -> None:
    """The only workflow of a policy needs no name; Mermaid is the default, SVG stands by itself."""
    code, out, err = call("diagram", "--lang", "zh")
    _, picture, _ = call("diagram", "repair", "repair.yaml", "--format", "svg")

    assert (code, err) == (0, "")
    assert out.startswith("stateDiagram-v2")
    assert "已受理" in out
    assert ET.fromstring(picture).tag.endswith("svg")


def test_an_unknown_workflow_is_not_drawn(call: Callable[..., Answer]) -> None:
    """The workflows that there are are listed."""
    assert call("diagram", "repairs") == (
        2,
        "",
        "error: say which workflow: repair\n",
    )


def test_a_worker_fires_what_is_due_and_stops_on_request(oil: Path) -> None:
    """A worker in a process of its own breaches a late clock, prints the notification and ends with 0 on SIGTERM."""
    assert run(["case", "open", "repair", "description=leak", "--as", "handler", "--at", "2026-02-13T17:30"]) == 0
    command = [sys.executable, "-m", "relflow", "worker", "--every", "0.2", "--print"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        first = worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        _, err = worker.communicate(timeout=30)

    assert "too late" in first
    assert (worker.returncode, err.splitlines()[-1]) == (0, "stopped")


# how the tests below find the processes that another one started
lists_children = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="only Linux lists the children of a process"
)


@lists_children
def test_workers_are_started_again_and_end_together(oil: Path) -> None:
    """Two processes share the work; one that is killed is said and replaced, and SIGTERM ends all of them gently."""
    command = [sys.executable, "-m", "relflow", "worker", "--every", "0.2", "--print", "--processes", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        assert worker.stderr.readline() == "2 workers; Ctrl-C ends\n"
        before = _children(worker.pid)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        assert worker.stderr.readline() == "worker 1 ended (SIGKILL); started again in 1 s\n"
        # somebody opens a case that is late, and whoever is left or new takes it up
        assert run(["case", "open", "repair", "description=leak", "--as", "handler", "--at", "2026-02-13T17:30"]) == 0
        assert "too late" in worker.stdout.readline()
        after = _children(worker.pid)
        for _ in range(300):
            if len(after) == 2:
                break
            time.sleep(0.1)
            after = _children(worker.pid)
        worker.send_signal(signal.SIGTERM)
        _, err = worker.communicate(timeout=60)

    assert (worker.returncode, err) == (0, "stopped\n")
    assert before[0] not in after
    assert before[1] in after
    assert _gone([*before, *after])


@lists_children
def test_workers_end_with_whoever_started_them(oil: Path) -> None:
    """A supervisor that is killed leaves nobody behind who works on unseen."""
    command = [sys.executable, "-m", "relflow", "worker", "--every", "0.2", "--processes", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert worker.stderr.readline() == "2 workers; Ctrl-C ends\n"
        children = _children(worker.pid)
        worker.kill()
        # their standard error is ours: it ends when the last of them has ended
        assert worker.stderr.read() == ""
    assert _gone(children)


def _children(parent: int) -> list[int]:
    """The processes that another one started, oldest first, as Linux lists them."""
    # not by their numbers: those begin anew when the highest one was given out
    return list(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()))


def _gone(pids: list[int]) -> bool:
    """Whether none of them lives any more; the last moments of a process are given their time."""
    for _ in range(100):
        if not any(map(_lives, pids)):
            return True
        time.sleep(0.1)
    return False


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        (
            ("worker", "--processes", "0"),
            "`--processes` needs a whole number from 1 on",
            "`--processes` 需要不小于 1 的整数",
        ),
        (("worker", "--every", "soon"), "`--every` needs a number", "`--every` 需要数字"),
        (("case", "list", "--limit", "1.5"), "`--limit` needs a whole number", "`--limit` 需要整数"),
    ],
)
def test_a_number_that_is_none_is_said_in_the_users_language(
    call: Callable[..., Answer], words: tuple[str, ...], en: str, zh: str
) -> None:
    """With the option and what it takes."""
    assert call(*words)[::2] == (
        2,
        f"error: {en}\n  help: `relflow {words[0]}{' list' * (words[0] == 'case')} --help` lists what there is\n",
    )
    assert call(*words, "--lang", "zh")[2].startswith(f"错误：{zh}\n")


def test_a_worker_waits_for_a_store_that_fails_for_a_while(oil: Path) -> None:
    """A lock that somebody holds too long is said and waited for; what is due then is done."""
    assert run(["case", "open", "repair", "description=leak", "--as", "handler", "--at", "2026-02-13T17:30"]) == 0
    command = [sys.executable, "-m", "relflow", "worker", "--every", "0.2", "--print", "--store"]
    with subprocess.Popen(
        [*command, "sqlite:///cases.db?busy=0.05"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        assert "too late" in worker.stdout.readline()
        with closing(sqlite3.connect("cases.db", isolation_level=None, timeout=20)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = next(line for line in iter(worker.stderr.readline, "") if "tried again" in line)
            other.execute("ROLLBACK")
        assert run(["case", "open", "repair", "description=gas", "--as", "handler", "--at", "2026-02-13T17:31"]) == 0
        later = next(line for line in iter(worker.stdout.readline, "") if "too late" in line)
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=30)
    assert "is locked by another process" in said
    assert (worker.returncode, bool(later)) == (0, True)
