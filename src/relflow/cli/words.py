"""click's commands, options and help pages in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from relflow.cli.session import Session, say
from relflow.text import Text

__all__ = ["Command", "Group", "argument", "command", "option", "text"]

_HEADINGS = {"Options": ("Options", "选项"), "Arguments": ("Arguments", "参数"), "Commands": ("Commands", "命令")}
_HELP = Text((("en", "Show this page."), ("zh", "显示本页。")))
_METAVARS = {"OPTIONS": "选项", "COMMAND": "命令", "ARGS": "参数"}


def _lang(context: click.Context) -> str:
    found = context.find_object(Session)
    return found.lang if found else "en"


class _Option(click.Option):
    """An option with its help in both languages."""

    def __init__(self, declarations: list[str], *, words: Text, **attributes: Any) -> None:
        super().__init__(declarations, help=words.text("en"), **attributes)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = self.words.text(_lang(ctx))
        return super().get_help_record(ctx)


class _Argument(click.Argument):
    """An argument with a line of help in both languages, which click itself does not have."""

    def __init__(self, declarations: list[str], *, words: Text, **attributes: Any) -> None:
        super().__init__(declarations, **attributes)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return self.make_metavar(ctx), self.words.text(_lang(ctx))


class _Localized(click.Command):
    """What commands and groups share: help in the session's language."""

    words: Text

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; an error names the command it belongs to, which click's parser leaves out."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found:
            found.help = _HELP.text(_lang(ctx))
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence, in the language of the running session."""
        context = click.get_current_context(silent=True)
        return self.words.text(_lang(context) if context else "en").split("\n", 1)[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        if _lang(ctx).startswith("zh"):
            for english, chinese in _METAVARS.items():
                pieces = pieces.replace(f"[{english}]", f"[{chinese}]").replace(f"{english} [", f"{chinese} [")
        formatter.write_usage(ctx.command_path, pieces, prefix=say("Usage: ", "用法："))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in self.words.text(_lang(ctx)).split("\n"):
                formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        parameters = self.get_params(ctx)
        for heading, kind in (("Arguments", _Argument), ("Options", click.Option)):
            records = [parameter.get_help_record(ctx) for parameter in parameters if isinstance(parameter, kind)]
            rows = [record for record in records if record]
            if rows:
                with _section(formatter, heading):
                    formatter.write_dl(rows)


@contextmanager
def _section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    """A part of a page under its heading, with the colon of the language."""
    en, zh = _HEADINGS[heading]
    formatter.write_paragraph()
    formatter.write(say(f"{en}:\n", f"{zh}：\n"))
    with formatter.indentation():
        yield


class Command(_Localized, click.Command):
    """One command."""

    def __init__(self, name: str, *, words: Text, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.words = words


class Group(_Localized, click.Group):
    """A command with commands below it, each imported when it is called.

    `members` maps a command's name to its home `module:attribute` and its short help.
    """

    def __init__(self, name: str, *, words: Text, members: Mapping[str, tuple[str, Text]], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.words = words
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they are taught."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.members:
            return None
        module, attribute = self.members[cmd_name][0].split(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the words name, or say which one they may mean."""
        if args[0] in self.members or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from relflow.diagnostics import nearest

        near = nearest(args[0], self.members)
        text = say("there is no command `{name}`", "没有命令 `{name}`", name=args[0])
        if near:
            text += say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near)
        raise click.UsageError(text, ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the commands with their short help; none of them is imported for it."""
        _Localized.format_options(self, ctx, formatter)
        lang = _lang(ctx)
        with _section(formatter, "Commands"):
            formatter.write_dl([(name, words.text(lang)) for name, (_, words) in self.members.items()])


def text(en: str, zh: str) -> Text:
    """A text in both languages."""
    return Text((("en", en), ("zh", zh)))


def command(name: str, en: str, zh: str, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command; the first line of its help is the short one."""

    def decorate(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, words=text(en, zh), **attributes)(function)

    return decorate


def option(*declarations: str, en: str, zh: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option with its help in both languages."""
    return click.option(*declarations, cls=_Option, words=text(en, zh), **attributes)


def argument(*declarations: str, en: str, zh: str, **attributes: Any) -> Callable[[Any], Any]:
    """An argument with its help in both languages."""
    return click.argument(*declarations, cls=_Argument, words=text(en, zh), **attributes)
