"""What a manual gives as an example, in words: `{key: [3 months, 6 months]}` as "Key: 3 months or 6 months"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from relflow.program import Parameter, Program
from relflow.text import Text, join, spaced
from relflow.values import Duration, read_duration

__all__ = ["choices", "example"]

_LANGUAGES = ("en", "zh", "zh_TW")
_TOKEN = re.compile(r"[\[\]{},:]|[^\[\]{},:]+")
_ENGLISH = {"or": " or ", ",": "; ", ":": ": "}
_CHINESE = {"or": "或", ",": "；", ":": "："}


def choices(parameter: Parameter) -> Text:
    """The values among which the company chooses."""
    return Text(tuple((lang, join([_value(one, lang) for one in parameter.choices], lang)) for lang in _LANGUAGES))


def example(program: Program, parameter: Parameter) -> Text:
    """The values that the manual gives as an example, for each level where it does so."""
    scheme = program.schemes.get(parameter.per or "")
    labels = scheme.labels if scheme is not None else {}
    return Text(tuple((lang, _said(parameter.suggested or "", labels, lang)) for lang in _LANGUAGES))


def _said(written: str, labels: Mapping[str, Text], lang: str) -> str:
    """The YAML of an example without its punctuation; what stands in a list are alternatives."""
    marks = _CHINESE if lang.startswith("zh") else _ENGLISH
    said, listed = [], False
    for part in _TOKEN.findall(written):
        if part in "[]{}":
            listed = part == "["
        elif part in ",:":
            said.append(marks["or" if listed else part])
        elif part.strip():
            word = part.strip()
            said.append(labels[word].text(lang) if word in labels else _value(word, lang))
    return spaced(*said) if marks is _CHINESE else "".join(said)


def _value(text: str, lang: str) -> str:
    read = read_duration(text.strip())
    return read.text(lang) if isinstance(read, Duration) else text
