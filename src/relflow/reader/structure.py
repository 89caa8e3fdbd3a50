"""What no file may hold, whatever its vocabulary: doubled keys, tags, merge keys, cycles, aliases that explode."""

from __future__ import annotations

from dataclasses import field

from relflow.diagnostics import Message, Severity, Span
from relflow.reader.compose import MAX_DEPTH, MAX_NODES, MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.reading import Reading, is_empty
from relflow.structs import dataclass

__all__ = ["MISPLACED_DEPTH", "TOO_LARGE_NODES", "inspect"]

DUPLICATE_KEY = Message.of(
    "duplicate-key",
    Severity.ERROR,
    "`{key}` stands here a second time",
    "`{key}` 在这里重复出现",
    "the first is at {place}; keep one of the two",
    "第一次出现在 {place}，请只保留一个",
)
TAG = Message.of(
    "tag",
    Severity.ERROR,
    "`{tag}` is a YAML tag; here the place of a value says what it is",
    "`{tag}` 是 YAML 标签；这里由值所在的位置决定类型",
    "take the tag out; a value that starts with `!` has to stand in quotes",
    "去掉标签；以 `!` 开头的值要加引号",
)
MERGE = Message.of(
    "merge-key",
    Severity.ERROR,
    "`<<` merges values in from elsewhere, so that nobody sees where they come from",
    "`<<` 会并入别处的值，看不出它们来自哪里",
    "write the keys out",
    "把各项写全",
)
CYCLE = Message.of(
    "alias",
    Severity.ERROR,
    "this part contains itself",
    "这一部分包含了它自己",
    "write out what is meant instead of the alias",
    "用具体内容代替别名",
)
TOO_LARGE_NODES = Message.of(
    "too-large",
    Severity.ERROR,
    "the file has more than {limit} values, aliases counted at every use",
    "文件的值超过 {limit} 个（别名按每次使用计）",
    "split it into several files, or keep long tables in CSV files",
    "拆分成多个文件，或把长表格放进 CSV 文件",
)
MISPLACED_DEPTH = Message.of(
    "too-deep",
    Severity.ERROR,
    "lists and names are nested more than {limit} deep",
    "嵌套层数超过 {limit} 层",
    "give inner parts names of their own",
    "把内层内容单独命名",
)


@dataclass(slots=True)
class _Walk:
    """Sizes and depths of the nodes seen, aliases expanded; None while a node is being entered."""

    reading: Reading
    seen: dict[int, tuple[int, int] | None] = field(default_factory=dict)

    def enter(self, node: Node) -> tuple[int, int]:
        """How many nodes there are from here, and how deep they go."""
        if isinstance(node, ScalarNode):
            if node.tag:
                self._tag(node)
            return 1, 1
        known = self.seen.get(id(node), (0, 0))
        if known is None:
            self.reading.report(CYCLE, self.reading.span(node))
            raise RecursionError
        if known != (0, 0):
            return known
        self.seen[id(node)] = None
        if node.tag:
            self._tag(node)
        children = node.value if isinstance(node, SequenceNode) else self._mapping(node)
        size, depth = 1, 0
        for child in children:
            if isinstance(child, ScalarNode) and not child.tag:
                size, depth = size + 1, depth or 1
                continue
            inner = self.enter(child)
            size += inner[0]
            depth = max(depth, inner[1])
        self.seen[id(node)] = size, depth + 1
        return size, depth + 1

    def _mapping(self, node: Node) -> list[Node]:
        assert isinstance(node, MappingNode)
        children = []
        first: dict[str, Node] = {}
        for key, value in node.value:
            children += [key, value]
            if not isinstance(key, ScalarNode) or self.reading.document.reported(key):
                continue
            if key.tag == "<<":
                self.reading.report(MERGE, self.reading.span(key))
            elif key.value in first and is_empty(value) and len(key.value) == 3 and key.value.isdecimal():
                continue  # `1,000,000`: told where the number begins
            elif key.value in first:
                place = self.reading.place(self.reading.span(first[key.value]))
                self.reading.report(DUPLICATE_KEY, self.reading.span(key), key=key.value, place=place)
            else:
                first[key.value] = key
        return children

    def _tag(self, node: Node) -> None:
        if node.tag == "<<":
            return
        start = node.start_mark
        line = self.reading.document.lines[start.line]
        word = line[start.column :].split()[0] if line[start.column :].split() else "!"
        if word.startswith("!"):
            span = self.reading.span(node)
            place = Span(span.source, start.line + 1, start.column + 1, start.line + 1, start.column + 1 + len(word))
            self.reading.report(TAG, place, tag=word)
        else:
            self.reading.report(TAG, self.reading.span(node), tag=node.tag)


def inspect(root: Node, reading: Reading) -> bool:
    """Report what no file may hold; false if it cannot be read any further."""
    try:
        size, depth = _Walk(reading).enter(root)
    except RecursionError:
        return False
    if size > MAX_NODES:
        reading.report(TOO_LARGE_NODES, Span.whole(reading.document.source), limit=MAX_NODES)
    elif depth > MAX_DEPTH:
        reading.report(MISPLACED_DEPTH, Span.whole(reading.document.source), limit=MAX_DEPTH)
    else:
        return True
    return False
