"""The digest of a policy is that of what it says, not of how it is laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.reader import read_policy, read_text

WORKFLOW = Path("tests/cases/reader/workflows/repair.yaml").read_text("utf-8")
POLICY = """policy: x
decisions:
  d:
    output: {type: string}
    table: |
      | a   || b    |
      |-----||------|
      | > 1 || "x | y" |
"""


def digest(text: str) -> str:
    """The digest of a policy or of a workflow."""
    model, found = read_text(text)
    assert model is not None
    assert found == ()
    return model.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy: x\n", "# a remark\npolicy:   'x'\n"),
        ("{type: string}", "\n      type: string"),
        ("|-----||------|\n      ", ""),
        ("| > 1 || ", "|   > 1  ||"),
        ("\n", "\r\n"),
        ("| a   || b    |", "| a || b |"),
    ],
)
def test_layout_does_not_count(old: str, new: str) -> None:
    """Remarks, quotes, styles, alignment, the ruler of a table and line ends may change."""
    assert old in POLICY
    assert digest(POLICY.replace(old, new)) == digest(POLICY)


@pytest.mark.parametrize(
    ("old", "new"),
    [("> 1", ">= 1"), ("x | y", "x |  y"), ("policy: x", "policy: y"), ("d:", "e:"), ('"x | y"', '"x | y" |')],
)
def test_content_counts(old: str, new: str) -> None:
    """A cell, a blank inside quotation marks, a name: each makes another digest."""
    assert old in POLICY
    changed = POLICY.replace(old, new)
    model, _ = read_text(changed)

    assert model is not None
    assert model.digest != digest(POLICY)


def test_canonical_source_of_a_workflow_reads_as_the_same_workflow() -> None:
    """A case that is pinned to an old definition can be run by what was stored of it."""
    model, _ = read_text(WORKFLOW, "repair.yaml")
    assert model is not None
    again, found = read_text(model.workflows[0].canonical, "stored")

    assert found == ()
    assert again is not None
    assert again.workflows[0].digest == model.workflows[0].digest
    assert again.workflows[0].canonical == model.workflows[0].canonical


def test_canonical_source_of_a_table_reads_as_the_same_table() -> None:
    """Also where it stands in one line."""
    from relflow.reader.canonical import canonical
    from relflow.reader.compose import compose

    stored = canonical(compose(POLICY))
    model, found = read_text(stored)
    assert found == ()
    assert model is not None
    table = model.decisions[0].table

    assert table is not None
    assert [cell.text for cell in table.rows[0].inputs] == ["> 1"]
    assert table.rows[0].outputs[0].text.text == '"x | y"'
    assert canonical(compose(stored)) == stored


def test_digest_of_a_policy_covers_its_files_and_tables(tmp_path: Path) -> None:
    """A change in an included file or a CSV table changes the digest of the policy."""
    (tmp_path / "policy.yaml").write_text("policy: x\ninclude: [a.yaml]\n", "utf-8")
    (tmp_path / "a.yaml").write_text("decisions: {d: {output: {type: string}, table: {file: t.csv}}}\n", "utf-8")
    digests = []
    for cell in ("1", "2"):
        (tmp_path / "t.csv").write_text(f"a,||,b\n{cell},,x\n", "utf-8")
        model, found = read_policy(tmp_path)
        assert found == ()
        assert model is not None
        digests.append(model.digest)

    assert digests[0] != digests[1]
