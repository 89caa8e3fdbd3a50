"""What a decision answers, with everything that can be asked of it later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal, NoReturn, Protocol

from relflow.results.traces import Missing, Reason, Rule, StepDetail, Trace
from relflow.results.values import jsonable
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Decision", "Details", "Explained", "Failure", "Lowering", "Origin", "Override", "Standing", "Teller"]

EMPTY_TEXT = Text(())


@dataclass(frozen=True, slots=True)
class Details:
    """What re-running a decision on the values it read finds out."""

    trace: Trace
    missing: tuple[Missing, ...]
    reasons: tuple[Reason, ...]
    provisional: bool


class Origin(Protocol):
    """What a decision keeps of the policy that made it."""

    @property
    def name(self) -> str:
        """The id of what was decided."""
        ...

    def rule(self, row: int) -> Rule:
        """The row of that index."""
        ...

    def details(self, kept: tuple[object, ...]) -> Details:
        """The decision once more on the values it read, this time with everything recorded."""
        ...

    def trace(self, decision: Decision, kept: tuple[object, ...], seen: tuple[object, ...] | None) -> Trace | None:
        """The trace from what the decision kept and saw, None where only the recorded run can tell."""
        ...

    def read(self, kept: tuple[object, ...]) -> Mapping[str, object]:
        """The facts that the decision may read, with the values it kept."""
        ...

    def complete(self, kept: tuple[object, ...], seen: tuple[object, ...]) -> bool:
        """Whether the values that straight code read and saw show that nothing is missing behind its answer."""
        ...

    @property
    def quiet(self) -> bool:
        """Whether nothing on the way can become null by itself or rest on a calendar year."""
        ...


class Decision:
    """The answer to one question about one record; it has no truth value.

    `value` is the answer, `unknown` says that a missing fact keeps it from being known, `row` is the index of the
    row that decided (-1: none did). Everything else is worked out when it is asked for, from the values that were
    read and, where straight code decided, from what was answered on the way (`seen`).
    """

    __slots__ = ("_details", "_kept", "_origin", "_seen", "row", "unknown", "value")

    def __init__(
        self,
        origin: Origin,
        value: object,
        unknown: bool,
        row: int,
        kept: tuple[object, ...],
        seen: tuple[object, ...] | None = None,
    ) -> None:
        self._origin = origin
        self.value = value
        self.unknown = unknown
        self.row = row
        self._kept = kept
        self._seen = seen

    @property
    def name(self) -> str:
        """The id of what was decided."""
        return self._origin.name

    @property
    def rule(self) -> Rule | None:
        """The row that decided, None where none did or there are no rows."""
        return self._origin.rule(self.row) if self.row >= 0 else None

    @property
    def because(self) -> Text:
        """The reason that the deciding row states; an empty text where it states none."""
        rule = self.rule
        return rule.because if rule is not None and rule.because is not None else EMPTY_TEXT

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts that were read and are missing, and the parameters and decisions that are unset."""
        seen = self._seen
        complete = not self.unknown and seen is not None and self._origin.complete(self._kept, seen)
        return () if complete else self.details.missing

    @property
    def read(self) -> Mapping[str, object]:
        """The facts that the decision may read, with the value each had; None is a missing one."""
        return self._origin.read(self._kept)

    @property
    def provisional(self) -> bool:
        """Whether it rests on a calendar year whose official list is not published."""
        return not self._origin.quiet and self.details.provisional

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why something became null on the way although nothing was missing."""
        return () if self._origin.quiet else self.details.reasons

    @property
    def details(self) -> Details:
        """All that a second, recorded run finds out; it is made once."""
        try:
            return self._details
        except AttributeError:
            self._details: Details = self._origin.details(self._kept)
            return self._details

    def trace(self) -> Trace:
        """How the answer came about, step by step, as data."""
        return self._origin.trace(self, self._kept, self._seen) or self.details.trace

    def unfold(self, name: str) -> StepDetail:
        """What the recorded run knows of one step."""
        step = self.details.trace.step(name)
        return step.detail if step is not None else StepDetail()

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The decision as JSON-able data, texts in `lang`."""
        rule = self.rule
        return {
            "decision": self.name,
            "value": jsonable(self.value),
            "unknown": self.unknown,
            "rule": rule.to_dict() if rule is not None else None,
            "because": self.because.text(lang) or None,
            "missing": [item.to_dict(lang) for item in self.missing],
            "provisional": self.provisional,
            "reasons": [reason.to_dict(lang) for reason in self.reasons],
        }

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision is neither true nor false; ask for its `.value` or whether it is `.unknown`")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        own = (self.name, self.value, self.unknown, self.row, self._kept)
        return own == (other.name, other.value, other.unknown, other.row, other._kept)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        answer = "unknown" if self.unknown else repr(self.value)
        return f"<Decision {self.name} = {answer}>"


@dataclass(frozen=True, slots=True)
class Override:
    """Why a level is in force whatever the rule says: the reason, who approved it, since when and until which day.

    None stands for what the state does not say; without `until` it holds until somebody ends it.
    """

    reason: str | None
    approver: str | None
    since: str | None = None
    until: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The override as JSON-able data."""
        return {"reason": self.reason, "approver": self.approver, "since": self.since, "until": self.until}


@dataclass(frozen=True, slots=True)
class Lowering:
    """What keeps a level from being lowered at once, were the rule to go on asking for a lower one from now.

    `reviews` is how many more reviews in a row have to say so, `on` the earliest day on which the level can go down
    (None: it waits for reviews of which none is planned), `unset` that the policy leaves open how long it takes.
    """

    reviews: int | None = None
    on: str | None = None
    unset: bool = False

    def to_dict(self) -> dict[str, object]:
        """The condition as JSON-able data."""
        return {"reviews": self.reviews, "on": self.on, "unset": self.unset}


class Explained(Protocol):
    """An explanation as `relflow.explain` makes it."""

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """As lines for a terminal."""
        ...

    def html(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """As a piece of HTML."""
        ...

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> Mapping[str, object]:
        """As JSON-able data."""
        ...


class Teller(Protocol):
    """Who can say why a level is in force: the policy that assigned it, with what it read."""

    def explain(self, standing: Standing, viewer: Sequence[str] | None) -> Explained:
        """The explanation for somebody with these roles."""
        ...

    def lowering(self, standing: Standing) -> Lowering | None:
        """What has to happen before the level goes down."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """The level of a scheme that is in force for an account.

    `says` is what the scheme's decision answers now (None: unknown or nothing), `since` the day from which `level`
    holds, `next_review` when it is looked at again (None: the scheme states no rhythm, or it is unset), `state` what
    the host keeps and passes as `state={scheme: …}` the next time. `change` tells what this assignment did;
    `provisional`, whether a day rests on a calendar year whose official list is not published; `override`, why and
    until when a level is in force that people set by hand; `teller` can say more about it.
    """

    scheme: str
    level: str | None
    says: str | None
    since: str | None
    next_review: str | None
    state: Mapping[str, object]
    change: Literal["first", "same", "raised", "lowered", "waiting", "unknown", "fixed"]
    decision: Decision
    gives: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    provisional: bool = False
    override: Override | None = None
    teller: Teller | None = field(default=None, compare=False, repr=False)

    def explain(self, viewer: Sequence[str] | None = None) -> Explained:
        """Why this level is in force, since when, and what would change it, with `.text(lang)`, `.html`, `.to_dict`.

        Values of personal facts are shown only where one of the `viewer`'s roles may see their category. Raises
        LookupError for a standing that no policy gave.
        """
        if self.teller is None:
            raise LookupError("only a standing that a policy assigned can be explained")
        return self.teller.explain(self, viewer)

    @property
    def lowering(self) -> Lowering | None:
        """What has to happen before the level goes down; None where it would at once, or there is no lower one."""
        return None if self.teller is None else self.teller.lowering(self)

    @property
    def unknown(self) -> bool:
        """Whether there is no level in force because a fact is missing."""
        return self.level is None and self.decision.unknown

    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What people call the level in force."""
        label = self.labels.get(self.level or "")
        return label.text(lang) if label is not None else self.level or ""

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The standing as JSON-able data, texts in `lang`."""
        return {
            "scheme": self.scheme,
            "level": self.level,
            "label": self.label(lang),
            "says": self.says,
            "since": self.since,
            "next_review": self.next_review,
            "change": self.change,
            "state": dict(self.state),
            "gives": list(self.gives),
            "provisional": self.provisional,
            "override": self.override.to_dict() if self.override is not None else None,
            "lowering": self.lowering.to_dict() if self.lowering is not None else None,
            "decision": self.decision.to_dict(lang),
        }

    def __bool__(self) -> NoReturn:
        raise TypeError("a standing is neither true nor false; ask for its `.level`")


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be decided, in the place of its decision: the others are not held up."""

    index: int
    error: Exception

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The error for people, in `lang`."""
        say = getattr(self.error, "text", None)
        return str(say(lang)) if callable(say) else str(self.error)

    def __bool__(self) -> NoReturn:
        raise TypeError("a failure is neither true nor false; look for `isinstance(row, Failure)`")
