"""Every engine gives the same answers, and none hangs."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relflow.feel.regex import PatternError, Steps, compile_pattern
from relflow.feel.regex.machines import Automaton, Backtracker, Parallel
from relflow.feel.regex.matching import Compiled

HANGING = [
    ("(a+)+$", "a" * 20_000 + "b"),
    ("(a|a)*$", "a" * 20_000 + "b"),
    ("(a|aa)+$", "a" * 20_000 + "b"),
    ("(a*)*b", "a" * 20_000),
    ("(.*)*x", "a" * 20_000),
    ("a*a*a*a*a*a*b", "a" * 20_000),
    ("(x+x+)+y", "x" * 20_000),
    ("([a-zA-Z]+)*$", "a" * 20_000 + "1"),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 20_000),
    ("(a?){100}a{100}", "a" * 20_000),
    (".*.*.*=.*", "x" * 20_000),
    ("a*b", "a" * 50_000),
    ("\\s+$", " " * 50_000 + "x"),
    ("(?:(?:a{1,20}){1,20}){1,20}b", "a" * 5_000),
    ("(a+)\\1+b", "a" * 5_000),
    ("(a*)*\\1b", "a" * 5_000),
    ("((a|b)\\2)+c", "aabb" * 2_000),
    ("^(.*?,){20}P", "1,2,3,4,5,6,7,8,9,0," * 500),
]


def python_syntax() -> st.SearchStrategy[str]:
    """Patterns that mean the same to XPath and to Python."""
    atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "\\.", "[a-c]", "x"])
    anchors = st.sampled_from(["^", ""])

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        counts = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "??"])
        return st.one_of(
            st.tuples(inner, counts).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
            inner.map(lambda body: f"({body})"),
        )

    return st.tuples(anchors, st.recursive(atoms, extend, max_leaves=8)).map("".join)


def engines(compiled: Compiled) -> dict[str, Compiled]:
    """The pattern on each engine alone."""
    import dataclasses

    slow = dataclasses.replace(compiled, quick=None, automaton=None)
    return {
        "automaton": dataclasses.replace(slow, automaton=Automaton(compiled.program)),
        "parallel": dataclasses.replace(slow, finder=Parallel(compiled.program)),
        "backtracker": dataclasses.replace(slow, finder=Backtracker(compiled.program)),
        "chosen": compiled,
    }


@given(python_syntax(), st.text("abcx.\n", max_size=12))
def test_all_engines_agree_with_the_standard_library(pattern: str, text: str) -> None:
    """On patterns that both know, on short texts."""
    compiled = compile_pattern(pattern)
    python = re.compile(pattern.replace(".", "[^\\n\\r]").replace("\\[^\\n\\r]", "\\."))
    expected = python.search(text)

    for engine in engines(compiled).values():
        assert engine.search(text) is (expected is not None)
    for finder in (Parallel(compiled.program), Backtracker(compiled.program)):
        notes = finder.find(text, 0)
        assert (None if notes is None else notes[:2]) == (None if expected is None else expected.span())


@given(python_syntax(), st.text("abcx.", max_size=12))
def test_replacing_and_splitting_agree_with_the_standard_library(pattern: str, text: str) -> None:
    """Where the pattern matches something at all."""
    compiled = compile_pattern(pattern)
    assume(not compiled.search(""))

    for engine in engines(compiled).values():
        assert engine.replace(text, "<$0>") == re.sub(pattern, r"<\g<0>>", text)
        assert engine.split(text) == re.split(re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern), text)


@given(st.text("ab()[]{}|*+?.^$\\-,01pPsdwic", max_size=25), st.text("smixq", max_size=3))
def test_any_text_is_a_pattern_or_an_error(pattern: str, flags: str) -> None:
    """Only PatternError says that a pattern is none, and what compiles runs."""
    try:
        compiled = compile_pattern(pattern, flags)
    except PatternError:
        return
    for text in ("", "ab", "a-b\n1", "(a)", pattern):
        assert compiled.search(text) in {True, False}


@pytest.mark.parametrize(("pattern", "text"), HANGING, ids=[pattern for pattern, _ in HANGING])
def test_no_pattern_hangs(pattern: str, text: str) -> None:
    """What takes other engines forever ends: with the answer, or beyond the limit of steps."""
    compiled = compile_pattern(pattern)
    started = time.process_time()

    with contextlib.suppress(PatternError):
        compiled.search(text, Steps(100_000))
    with contextlib.suppress(PatternError):
        compiled.replace(text, "-", Steps(100_000))

    assert time.process_time() - started < 20


def test_the_quick_engine_is_kept_for_patterns_whose_choices_are_decided() -> None:
    """The next character tells which way to go; anything else is never given to a backtracking engine."""
    for pattern in ("^[a-z]+@[0-9]+$", "a|b|cd", "(ab)*c", "[0-9]{3}-[0-9]{4}", "\\d+(\\.\\d+)?", "x?y"):
        assert compile_pattern(pattern).quick is not None
    for pattern in ("a*a", "(a|ab)c", "(a*)*", ".*x", "(a)\\1", "(a|)(b|)*"):
        assert compile_pattern(pattern).quick is None


def test_a_deep_or_long_pattern_is_refused() -> None:
    """Rather than exhausting the stack or the memory."""
    for pattern in ("(" * 500 + "a" + ")" * 500, "[a-" * 500, "a" * 6_000, "(((a{1000}){1000}){1000})"):
        with pytest.raises(PatternError):
            compile_pattern(pattern)


def test_back_references_give_up_after_their_steps() -> None:
    """Matching with back-references may take forever; the machine counts."""
    with pytest.raises(PatternError) as caught:
        compile_pattern("(a*)(a*)(a*)(a*)\\1\\2\\3\\4b").search("a" * 300, Steps(50_000))

    assert "steps" in caught.value.message.text.text("en")


@pytest.mark.parametrize(
    "pattern",
    ["\\p{L}\\w\\d" * 400, "(\\w|\\W)" * 700, "a" * 5_000, "[^\\w]" * 500, "|".join(f"abc{n}" for n in range(600))],
    ids=["properties", "alternatives", "letters", "classes", "words"],
)
@pytest.mark.parametrize("flags", ["", "i"])
def test_the_longest_patterns_are_read_in_time(pattern: str, flags: str) -> None:
    """Reading a pattern takes seconds at worst, however many characters its classes name."""
    started = time.process_time()

    compile_pattern(pattern, flags)

    assert time.process_time() - started < 10
