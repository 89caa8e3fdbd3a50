"""The lines that somebody types, and what they do."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from relflow.cli import options
from relflow.cli.screen import data
from relflow.cli.session import Problem, current, say
from relflow.cli.simulate.screen import helped, show_buttons, show_case, show_news
from relflow.cli.simulate.stage import Stage
from relflow.cli.typed import facts, typed
from relflow.diagnostics import nearest
from relflow.errors import RelflowError
from relflow.values import Duration

__all__ = ["Prompt"]

_VERBS = {
    "open": ("新建",),
    "fire": ("触发",),
    "signal": ("通知",),
    "wait": ("等待",),
    "until": ("直到",),
    "next": ("下一个",),
    "know": ("得知",),
    "show": ("查看",),
    "timeline": ("经过",),
    "ledger": ("明细",),
    "save": ("保存",),
    "help": ("帮助",),
    "quit": ("退出", "exit"),
}
_NAMES = {alias: verb for verb, aliases in _VERBS.items() for alias in (verb, *aliases)}


@dataclass(slots=True)
class _Words:
    """A line taken apart: bare words, `name=value` pairs, who acts."""

    bare: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    role: str | None = None
    who: str | None = None

    @classmethod
    def of(cls, words: Iterable[str]) -> _Words:
        """`as ROLE` and `who ID` may stand anywhere."""
        found, waiting = cls(), iter(words)
        for word in waiting:
            name, equals, value = word.partition("=")
            if word in ("as", "以"):
                found.role = next(waiting, None)
            elif word in ("who", "由"):
                found.who = next(waiting, None)
            elif equals and name:
                found.values[name] = value
            else:
                found.bare.append(word)
        return found

    def only(self) -> str:
        """The one bare word that a command needs."""
        if not self.bare:
            raise Problem(say("one word is missing; `help` lists what can be typed", "缺少内容；输入 `help` 查看用法"))
        return " ".join(self.bare)


class Prompt:
    """Reads lines and plays them on a stage; what is refused or not understood is said, and the play goes on."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._zone = stage.policy.program.zone
        self._acts: dict[str, Callable[[_Words], None]] = {
            "open": self._open,
            "fire": self._fire,
            "signal": self._signal,
            "wait": lambda words: stage.wait(Duration.of(words.only())),
            "until": lambda words: stage.until(self._moment(words.only())),
            "next": self._next,
            "know": self._know,
            "save": self._save,
        }
        self._looks: dict[str, Callable[[_Words], None]] = {
            "show": lambda _: show_case(stage),
            "timeline": self._timeline,
            "ledger": lambda words: data(stage.ledger(words.only())),
            "help": lambda _: helped(),
        }

    def run(self, lines: TextIO, *, echo: bool) -> None:
        """Play until the lines end or somebody quits."""
        show_case(self.stage)
        while True:
            if not echo:
                print("> ", end="", flush=True)  # noqa: T201 - a prompt has no line's end
            line = lines.readline()
            if not line:
                return
            if echo and line.strip():
                data(f"> {line.rstrip()}")
            if not self.play(line):
                return

    def play(self, line: str) -> bool:
        """Play one line; False if it ends the play."""
        try:
            words = shlex.split(line, comments=True)
            if not words:
                return True
            verb = _NAMES.get(words[0].lower())
            if verb == "quit":
                return False
            if verb is None and self._is_event(words[0]):
                verb, words = "fire", ["fire", *words]
            if verb is None:
                raise Problem(self._unknown(words[0]))
            self._do(verb, _Words.of(words[1:]))
        except RelflowError as error:
            data(say("refused: {text}", "未通过：{text}", text=error.text(current().lang)))
        except Problem as problem:
            data(problem.format_message())
        except FileExistsError as error:
            data(say("`{file}` exists already", "`{file}` 已经存在", file=error.filename))
        except (ValueError, OSError) as error:
            data(str(error))
        return True

    def _do(self, verb: str, words: _Words) -> None:
        if verb in self._looks:
            self._looks[verb](words)
            return
        self._acts[verb](words)
        if verb not in ("save", "know"):
            show_news(self.stage)
            show_case(self.stage, short=True)
            show_buttons(self.stage)

    def _is_event(self, word: str) -> bool:
        return word in self.stage.workflow.events or word.isdigit()

    def _unknown(self, word: str) -> str:
        near = nearest(word, [*_NAMES, *self.stage.workflow.events])
        text = say("`{word}` is not understood", "无法理解 `{word}`", word=word)
        return text + (say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near) if near else "")

    def _data(self, words: _Words) -> dict[str, object]:
        types = {name: datum.type for name, datum in self.stage.workflow.data.items()}
        return typed(types, words.values, self._zone)

    def _open(self, words: _Words) -> None:
        self.stage.open(self._data(words), words.role, words.who)

    def _fire(self, words: _Words) -> None:
        event = words.only()
        if event.isdigit():
            buttons = self.stage.buttons()
            if not 1 <= int(event) <= len(buttons):
                raise Problem(say("there is no number {n}", "没有第 {n} 项", n=event))
            event = buttons[int(event) - 1][0].id
        self.stage.fire(event, self._data(words), words.role, words.who)

    def _signal(self, words: _Words) -> None:
        event = words.only()
        types = self.stage.policy.program.events.get(event, {})
        self.stage.signal(event, typed(types, words.values, self._zone))

    def _timeline(self, _: _Words) -> None:
        for line in self.stage.timeline():
            data(line.render(current().lang))

    def _next(self, _: _Words) -> None:
        due = self.stage.next_due()
        if due is None:
            raise Problem(say("nothing falls due", "没有待到期的事项"))
        self.stage.until(max(due, self.stage.at))

    def _know(self, words: _Words) -> None:
        for name, value in facts(self.stage.policy, {}, words.values).items():
            self.stage.know(name, value)

    def _moment(self, text: str) -> datetime:
        found = options.moment(text.replace(" ", "T"), self._zone)
        return found if isinstance(found, datetime) else datetime(found.year, found.month, found.day, tzinfo=self._zone)

    def _save(self, words: _Words) -> None:
        file = Path(words.only())
        if not file.name.endswith(".test.yaml"):
            file = file.with_name(file.name + ".test.yaml")
        with file.open("x", encoding="utf-8") as out:
            out.write(self.stage.transcript.text(file))
        data(
            say(
                "saved as {file}; `relflow test {file}` plays it",
                "已保存为 {file}；用 `relflow test {file}` 重放",
                file=file,
            )
        )
