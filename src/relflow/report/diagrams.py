"""State diagrams of a workflow: Mermaid text, and SVG that needs nothing else to be shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from relflow.diagnostics import width
from relflow.program.workflows import State, Workflow
from relflow.text import DEFAULT_LANGUAGE, Text, join

__all__ = ["Arrow", "Graph", "graph_of", "mermaid", "svg"]

_ANYWHERE = Text(
    (("en", "from every state that is not final:"), ("zh", "任何未办结状态："), ("zh_TW", "任何未辦結狀態："))
)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one state to another, by all the events that lead there."""

    source: str
    target: str
    events: tuple[Text, ...]

    def label(self, lang: str) -> str:
        """The events' names in a row."""
        return join([event.text(lang) for event in self.events], lang)


@dataclass(frozen=True, slots=True)
class Graph:
    """A workflow's states, top to bottom, and the arrows between them.

    `anywhere` are those of events that hold in every state which is not final; drawn one by one they would hide the
    rest. `resting` are the states in which a clock pauses.
    """

    initial: str
    states: dict[str, Text]
    final: frozenset[str]
    arrows: tuple[Arrow, ...]
    anywhere: tuple[Arrow, ...]
    resting: frozenset[str] = frozenset()
    rows: dict[str, int] = field(default_factory=dict)


def graph_of(workflow: Workflow) -> Graph:
    """The graph of a workflow, each state on the row of its distance from the beginning; what is final stands last."""
    arrows: dict[tuple[str, str], dict[str, Text]] = {}
    anywhere: dict[tuple[str, str], dict[str, Text]] = {}
    for state in workflow.states.values():
        for event in state.events.values():
            place = ("", "") if event.everywhere else (state.id, "")
            for one in event.alternatives:
                if one.target is not None:
                    found = anywhere if event.everywhere else arrows
                    found.setdefault((place[0], one.target), {}).setdefault(event.id, event.label)
    states = {state.id: state.label for state in workflow.states.values()}
    final = frozenset(state.id for state in workflow.states.values() if state.final)
    return Graph(
        workflow.initial,
        states,
        final,
        _arrows(arrows),
        _arrows(anywhere),
        frozenset(state.id for state in workflow.states.values() if state.pauses),
        _rows(workflow.initial, states, final, arrows),
    )


def _arrows(found: dict[tuple[str, str], dict[str, Text]]) -> tuple[Arrow, ...]:
    return tuple(Arrow(source, target, tuple(events.values())) for (source, target), events in found.items())


def _rows(
    initial: str, states: Iterable[str], final: frozenset[str], arrows: Iterable[tuple[str, str]]
) -> dict[str, int]:
    rows = {initial: 0}
    open_ = deque([initial])
    listed = list(arrows)
    while open_:
        state = open_.popleft()
        for source, target in listed:
            if source == state and target not in rows:
                rows[target] = rows[state] + 1
                open_.append(target)
    last = max((row for state, row in rows.items() if state not in final), default=0) + 1
    return {state: last if state in final else rows.get(state, last - 1) for state in states}


def mermaid(
    workflow: Workflow, lang: str = DEFAULT_LANGUAGE, *, current: str | None = None, passed: Iterable[str] = ()
) -> str:
    """The diagram as a Mermaid `stateDiagram-v2`; `current` is filled, the states `passed` are tinted."""
    graph = graph_of(workflow)
    names = {state: f"s{number}" for number, state in enumerate(graph.states)}
    lines = ["stateDiagram-v2"]
    lines += [f"    {names[state]}: {_plain(label.text(lang))}" for state, label in graph.states.items()]
    lines.append(f"    [*] --> {names[graph.initial]}")
    lines += [f"    {names[one.source]} --> {names[one.target]}: {_plain(one.label(lang))}" for one in graph.arrows]
    lines += [f"    {names[state]} --> [*]" for state in graph.states if state in graph.final]
    if graph.anywhere:
        lines.append(f"    note right of {names[graph.initial]}")
        lines.append(f"        {_plain(_ANYWHERE.text(lang))}")
        lines += [f"        {_plain(_way(graph, one, lang))}" for one in graph.anywhere]
        lines.append("    end note")
    lines += _marked(names, current, passed)
    return "\n".join(lines) + "\n"


def _marked(names: Mapping[str, str], current: str | None, passed: Iterable[str]) -> Iterator[str]:
    """Mermaid's words for where a case stands and has been."""
    been = [names[state] for state in names if state in set(passed) and state != current]
    if been:
        yield "    classDef passed fill:#e3f2ec,stroke:#2f855a"
        yield f"    class {','.join(been)} passed"
    if current is not None and current in names:
        yield "    classDef here fill:#2f855a,stroke:#22543d,color:#fff,font-weight:bold"
        yield f"    class {names[current]} here"


def _way(graph: Graph, arrow: Arrow, lang: str) -> str:
    return f"{arrow.label(lang)} → {graph.states[arrow.target].text(lang)}"


def _plain(text: str) -> str:
    """A text that Mermaid cannot take for its own syntax."""
    return text.replace("\n", " ").replace(":", "：").replace(";", "；").replace("#", "＃")


_HEIGHT, _GAP, _LANE, _PAD, _CHARACTER = 38, 46, 26, 16, 7.4
_STYLE = (
    ".relflow-diagram text{font:13px system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    ".relflow-diagram text{fill:#1f2933}"
    ".relflow-diagram .box{fill:#fff;stroke:#52606d;stroke-width:1.4}"
    ".relflow-diagram .final{stroke-width:3}"
    ".relflow-diagram .passed{fill:#e3f2ec;stroke:#2f855a}"
    ".relflow-diagram .here{fill:#2f855a;stroke:#22543d}"
    ".relflow-diagram .here-text{fill:#fff;font-weight:600}"
    ".relflow-diagram .arrow{fill:none;stroke:#7b8794;stroke-width:1.3}"
    ".relflow-diagram .walked{stroke:#2f855a;stroke-width:2.6}"
    ".relflow-diagram .word{font-size:12px;fill:#52606d}"
    ".relflow-diagram .halo{stroke:#fff;stroke-width:4;paint-order:stroke}"
)


def svg(
    workflow: Workflow,
    lang: str = DEFAULT_LANGUAGE,
    *,
    current: str | None = None,
    passed: Iterable[str] = (),
    ways: Iterable[tuple[str, str]] = (),
) -> str:
    """The diagram as one `<svg>` element; `current` is filled, the states `passed` are tinted.

    `ways` are the moves of a case, from state to state: their arrows are drawn stronger.
    """
    return _Drawing(graph_of(workflow), lang, current, frozenset(passed), frozenset(ways)).draw(workflow)


class _Drawing:
    """Places boxes row by row; arrows to the next row run straight, longer ones in lanes right, ones back left."""

    def __init__(
        self,
        graph: Graph,
        lang: str,
        current: str | None,
        passed: frozenset[str],
        ways: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.graph = graph
        self.lang = lang
        self.current = current
        self.passed = passed
        self.ways = ways
        self.sizes = {state: self._wide(label.text(lang)) + 28 for state, label in graph.states.items()}
        self.left: list[Arrow] = []
        self.right: list[Arrow] = []
        self.straight: list[Arrow] = []
        for arrow in graph.arrows:
            self._sort(arrow)
        self.places = self._place()

    @staticmethod
    def _wide(text: str) -> float:
        return width(text) * _CHARACTER

    def _sort(self, arrow: Arrow) -> None:
        step = self.graph.rows[arrow.target] - self.graph.rows[arrow.source]
        row = [state for state, number in self.graph.rows.items() if number == self.graph.rows[arrow.target]]
        if step == 1 and (len(row) == 1 or arrow.target == row[0]):
            self.straight.append(arrow)
        elif step > 0:
            self.right.append(arrow)
        else:
            self.left.append(arrow)

    def _place(self) -> dict[str, tuple[float, float]]:
        """The centre of each box."""
        rows: dict[int, list[str]] = {}
        for state, row in self.graph.rows.items():
            rows.setdefault(row, []).append(state)
        places: dict[str, tuple[float, float]] = {}
        for row, states in rows.items():
            wide = sum(self.sizes[state] for state in states) + 40 * (len(states) - 1)
            # the first of a row stands on the middle line, where the straight arrows come down
            x = -self.sizes[states[0]] / 2 if len(states) > 1 else -wide / 2
            for state in states:
                places[state] = (x + self.sizes[state] / 2, row * (_HEIGHT + _GAP) + _HEIGHT / 2)
                x += self.sizes[state] + 40
        return places

    def draw(self, workflow: Workflow) -> str:
        """The element."""
        low = min(self.places[state][0] - self.sizes[state] / 2 for state in self.places)
        high = max(self.places[state][0] + self.sizes[state] / 2 for state in self.places)
        parts = [self._straight(arrow) for arrow in self.straight]
        lefts, low = self._lanes(self.left, low, -1)
        rights, high = self._lanes(self.right, high, 1)
        boxes = [self._box(workflow.states[state]) for state in self.places]
        notes, tall, wide = self._notes(low)
        words = (self.places[one.source][0] + 8 + self._wide(one.label(self.lang)) for one in self.straight)
        high = max(high, low + wide, *words)
        top = -_PAD - 18
        size = (high - low + 2 * _PAD, tall - top + _PAD)
        title = escape(workflow.label.text(self.lang))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="relflow-diagram" role="img" aria-label="{title}" '
            f'viewBox="{low - _PAD:.0f} {top:.0f} {size[0]:.0f} {size[1]:.0f}" '
            f'width="{size[0]:.0f}" height="{size[1]:.0f}">'
        )
        marker = (
            '<defs><marker id="relflow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="#7b8794"/></marker></defs>'
        )
        start = self.places[self.graph.initial]
        begin = (
            f'<circle cx="{start[0]:.0f}" cy="-26" r="5" fill="#52606d"/>'
            f'<path class="arrow" d="M{start[0]:.0f} -20V-2" marker-end="url(#relflow-tip)"/>'
        )
        inner = [
            f"<title>{title}</title><style>{_STYLE}</style>",
            marker,
            begin,
            *parts,
            *lefts,
            *rights,
            *boxes,
            *notes,
        ]
        return head + "".join(inner) + "</svg>"

    def _box(self, state: State) -> str:
        x, y = self.places[state.id]
        wide = self.sizes[state.id]
        here = state.id == self.current
        classes = ["box", *(["final"] if state.final else [])]
        classes += ["here"] if here else ["passed"] if state.id in self.passed else []
        text = ' class="here-text"' if here else ""
        return (
            f'<rect class="{" ".join(classes)}" x="{x - wide / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" '
            f'width="{wide:.0f}" height="{_HEIGHT}" rx="8"/>'
            f'<text{text} x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle">{escape(state.label.text(self.lang))}</text>'
        )

    def _word(self, x: float, y: float, text: str, anchor: str) -> str:
        return (
            f'<text class="word halo" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'
            if text
            else ""
        )

    def _straight(self, arrow: Arrow) -> str:
        (x1, y1), (x2, y2) = self.places[arrow.source], self.places[arrow.target]
        path = f"M{x1:.0f} {y1 + _HEIGHT / 2:.0f}L{x2:.0f} {y2 - _HEIGHT / 2 - 2:.0f}"
        word = self._word((x1 + x2) / 2 + 8, (y1 + y2) / 2 + 4, arrow.label(self.lang), "start")
        return f'<path class="{self._class(arrow)}" d="{path}" marker-end="url(#relflow-tip)"/>{word}'

    def _class(self, arrow: Arrow) -> str:
        """How an arrow is drawn: stronger where the case went along it."""
        return "arrow walked" if (arrow.source, arrow.target) in self.ways else "arrow"

    def _lanes(self, arrows: list[Arrow], edge: float, side: int) -> tuple[list[str], float]:
        """Arrows beside the boxes, short ones inside; and how far out they reach."""
        drawn = []
        out = edge
        for arrow in sorted(arrows, key=lambda one: abs(self.places[one.source][1] - self.places[one.target][1])):
            label = arrow.label(self.lang)
            lane = out + side * _LANE
            drawn.append(self._lane(arrow, lane, side, label))
            out = lane + side * (self._wide(label) * 0.92 + 6)
        return drawn, out

    def _lane(self, arrow: Arrow, lane: float, side: int, label: str) -> str:
        (x1, y1), (x2, y2) = self.places[arrow.source], self.places[arrow.target]
        first, last = x1 + side * self.sizes[arrow.source] / 2, x2 + side * self.sizes[arrow.target] / 2
        # arrows leave below the middle line of a box and enter above it, so that two of them do not lie on each other
        y1, y2 = (y1 + 8, y2 - 8) if arrow.source == arrow.target else (y1 + side * 6, y2 + side * 6)
        bend = 8 if y2 > y1 else -8
        path = (
            f"M{first:.0f} {y1:.0f}H{lane - side * 8:.0f}Q{lane:.0f} {y1:.0f} {lane:.0f} {y1 + bend:.0f}"
            f"V{y2 - bend:.0f}Q{lane:.0f} {y2:.0f} {lane - side * 8:.0f} {y2:.0f}H{last + side * 2:.0f}"
        )
        word = self._word(lane + side * 5, (y1 + y2) / 2 + 4, label, "start" if side > 0 else "end")
        return f'<path class="{self._class(arrow)}" d="{path}" marker-end="url(#relflow-tip)"/>{word}'

    def _notes(self, left: float) -> tuple[list[str], float, float]:
        """The events of every state, listed below; and how tall and wide it all becomes."""
        y = (max(self.graph.rows.values(), default=0) + 1) * (_HEIGHT + _GAP) - _GAP + 30
        if not self.graph.anywhere:
            return [], y - 30, 0
        lines = [_ANYWHERE.text(self.lang), *(_way(self.graph, one, self.lang) for one in self.graph.anywhere)]
        drawn = [self._word(left, y + 18 * number, line, "start") for number, line in enumerate(lines)]
        return drawn, y + 18 * len(lines) - 18, max(self._wide(line) for line in lines)
