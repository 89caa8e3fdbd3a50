"""The command itself: versions, help pages, usage errors, the last barrier."""

from __future__ import annotations

import errno
import re
import sys

import click
import pytest

import relflow
from relflow.cli import app
from relflow.cli.app import cli, run
from relflow.cli.members import members
from relflow.cli.session import Session

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> object:
    """A command `fail` that raises what a test puts into the returned list."""
    errors: list[BaseException] = []

    def fail() -> None:
        raise errors[0]

    command = click.Command("fail", callback=fail)
    monkeypatch.setitem(cli.members, "fail", ("", None))
    found = type(cli).get_command
    monkeypatch.setattr(
        type(cli), "get_command", lambda self, ctx, name: command if name == "fail" else found(self, ctx, name)
    )
    return errors


@pytest.mark.parametrize("lang", ["fr", "", "english"])
def test_a_language_that_is_not_spoken_is_refused(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    """`--lang` is checked like every option, before and behind the command's name."""
    for words in (["schema", "--lang", lang], [f"--lang={lang}", "schema"]):
        assert run(words) == 2
        assert capsys.readouterr() == ("", f"error: `--lang` is en or zh, not `{lang}`\n")


@pytest.mark.parametrize("lang", ["en", "zh", "zh-CN", "zh_CN.UTF-8", "en-GB", "ZH"])
def test_a_language_may_have_a_region(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    """What systems call a language is understood."""
    assert run(["schema", "--lang", lang]) == 0
    assert capsys.readouterr().err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints one line on standard output."""
    assert run(["--version"]) == 0
    assert capsys.readouterr() == (f"relflow {relflow.__version__}\n", "")


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command the help page comes, on standard error, as a usage error."""
    code = run([])
    out, err = capsys.readouterr()

    assert (code, out) == (2, "")
    assert err.startswith("Usage: relflow")
    assert "explain" in err


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(members()))
def test_every_command_has_help_in_both_languages(capsys: pytest.CaptureFixture[str], name: str, lang: str) -> None:
    """Each command imports and explains itself, its arguments and options in the language asked for."""
    code = run([name, "--help", "--lang", lang])
    out, err = capsys.readouterr()

    assert (code, err) == (0, "")
    assert bool(CHINESE.search(out)) is (lang == "zh")
    assert "--lang" in out


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["chekc"],
            [
                "error: there is no command `chekc`; did you mean `check`?",
                "  help: `relflow --help` lists what there is",
            ],
        ),
        (
            ["chekc", "--lang", "zh"],
            ["错误：没有命令 `chekc`，是否想写 `check`？", "  改法：用 `relflow --help` 查看用法"],
        ),
        (
            ["check", "--overly", "x"],
            [
                "error: there is no option `--overly`; did you mean `--overlay`?",
                "  help: `relflow check --help` lists what there is",
            ],
        ),
        (
            ["check", "--overlay"],
            ["error: option `--overlay` needs a value", "  help: `relflow check --help` lists what there is"],
        ),
        (
            ["check", "--format", "xml"],
            [
                "error: `--format` is one of text, json, github, sarif, junit, html",
                "  help: `relflow check --help` lists what there is",
            ],
        ),
        (["new", "decision"], ["error: `NAME` is missing", "  help: `relflow new --help` lists what there is"]),
    ],
)
def test_bad_usage_is_two_lines_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], lines: list[str]
) -> None:
    """Whatever is wrong with the words of a command line, one line says it and one says where to look."""
    code = run(arguments)

    assert code == 2
    assert capsys.readouterr() == ("", "\n".join(lines) + "\n")


def test_the_unforeseen_is_no_traceback(capsys: pytest.CaptureFixture[str], failing: list[BaseException]) -> None:
    """A defect of ours costs its user two lines and exit 2."""
    failing.append(ValueError("a\nb"))

    assert run(["fail"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "error: this should not have happened (ValueError: a b)",
        "  help: set RELFLOW_DEBUG=1, run it again and report what it prints",
    ]


def test_debug_shows_the_traceback(
    capsys: pytest.CaptureFixture[str], failing: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With RELFLOW_DEBUG the traceback is printed as well."""
    monkeypatch.setenv("RELFLOW_DEBUG", "1")
    failing.append(ValueError("a"))

    assert run(["fail"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (FileNotFoundError(errno.ENOENT, "", "x.yaml"), 2, "`x.yaml`: there is no such file or folder"),
        (PermissionError(errno.EACCES, "", "x.yaml"), 2, "`x.yaml`: permission denied"),
        (relflow.FactError.of("type", "no number", "不是数字"), 2, "no number"),
        (relflow.StoreError.of("corrupt", "no database", "不是数据库"), 2, "no database"),
        (relflow.NotFoundError.of("event", "no event", "没有事件"), 2, "no event"),
        (relflow.RefusedError.of("role", "not yours", "无权"), 1, "not yours"),
        (relflow.ConflictError.of("conflict", "too late", "已变更"), 1, "too late"),
    ],
)
def test_errors_have_their_exit_code(
    capsys: pytest.CaptureFixture[str], failing: list[BaseException], error: Exception, code: int, text: str
) -> None:
    """Unreadable input is 2, a refusal is 1, both say why in one line."""
    failing.append(error)

    assert run(["fail"]) == code
    assert capsys.readouterr().err == f"error: {text}\n"


def test_an_interrupt_ends_quietly(capsys: pytest.CaptureFixture[str], failing: list[BaseException]) -> None:
    """Ctrl-C ends with the code that shells know."""
    failing.append(KeyboardInterrupt())

    assert run(["fail"]) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_a_reader_that_left_is_no_error(capsys: pytest.CaptureFixture[str], failing: list[BaseException]) -> None:
    """`relflow … | head` ends with 0 and says nothing."""
    failing.append(BrokenPipeError())

    assert run(["fail"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "RELFLOW_LANG": "zh"}, "zh"),
        ([], {"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US"}, "zh_TW"),
        (["check", "--lang", "zh"], {"RELFLOW_LANG": "en"}, "zh"),
        (["check", "--lang=en"], {"LANG": "zh_CN"}, "en"),
        (["feel", "--", "--lang", "zh"], {}, "en"),
        (["--lang"], {}, "en"),
    ],
)
def test_the_language_is_found(arguments: list[str], environment: dict[str, str], lang: str) -> None:
    """The option wins over relflow's variable, that over the system's; unknown languages are English."""
    assert Session.of(arguments, environment).lang == lang


def test_shells_complete_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A shell gets its script, and the commands that begin with what was typed."""
    monkeypatch.setenv("_RELFLOW_COMPLETE", "bash_source")
    assert run([]) == 0
    assert "complete" in capsys.readouterr().out

    monkeypatch.setenv("_RELFLOW_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "relflow de")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run([]) == 0
    assert capsys.readouterr().out.splitlines() == ["plain,demo", "plain,decide"]


def test_main_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console script hands the exit code to the shell."""
    monkeypatch.setattr(app, "run", lambda: 7)
    monkeypatch.setattr(sys, "argv", ["relflow", "check"])
    from relflow.cli import main

    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 7


def test_main_answers_the_version_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quick way to the version says what the command says."""
    monkeypatch.setattr(sys, "argv", ["relflow", "--version"])
    from relflow.cli import main

    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().out) == (0, f"relflow {relflow.__version__}\n")
