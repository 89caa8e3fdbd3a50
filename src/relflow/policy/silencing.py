"""Findings that a comment allows are left out; a comment that allows nothing is a finding itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relflow.diagnostics import Diagnostic, Message, Severity, Source

__all__ = ["silenced"]

NEEDLESS = Message.of(
    "needless-allow",
    Severity.WARNING,
    "nothing here is a finding `{name}`",
    "此处没有 `{name}` 这一检查结果",
    "delete the comment, or put it above the line of the finding",
    "删除这条注释，或移到该检查结果所在行的上一行",
)
ERROR = Message.of(
    "needless-allow",
    Severity.WARNING,
    "`{name}` is an error, and errors cannot be allowed",
    "`{name}` 是错误，错误不能被允许",
    "mend it, and delete the comment",
    "修正错误并删除这条注释",
)


def silenced(found: Sequence[Diagnostic], sources: Iterable[Source]) -> list[Diagnostic]:
    """The findings without those that a comment of these sources allows; what is wrong with the comments besides.

    While there are errors no comment is called needless: some checks wait until the errors are gone.
    """
    from relflow.reader.allowing import allowances  # noqa: PLC0415 - YAML is loaded where it is used

    left = list(found)
    broken = any(one.severity is Severity.ERROR for one in found)
    for source in dict.fromkeys(sources):
        allowed, wrong = allowances(source)
        left += wrong
        for one in allowed:
            meant = [finding for finding in found if finding.span.source == source and one.covers(finding)]
            errors = [finding for finding in meant if finding.severity is Severity.ERROR]
            left = [finding for finding in left if finding in errors or finding not in meant]
            if errors:
                left.append(ERROR.at(one.span, name=one.name))
            elif not meant and not broken:
                left.append(NEEDLESS.at(one.span, name=one.name))
    return left
