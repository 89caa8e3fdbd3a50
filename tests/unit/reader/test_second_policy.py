"""Files beside a policy and shipped ones: nothing is passed over in silence."""

from __future__ import annotations

from relflow.reader import read_policy

HEAD = "policy: {}\nversion: 1\nfacts:\n  {}: {{type: number}}\n"


def test_a_second_policy_in_the_folder_is_a_finding(tmp_path):
    """Nothing of it counts, and the analyst is told so."""
    (tmp_path / "policy.yaml").write_text(HEAD.format("one", "a"), encoding="utf-8")
    (tmp_path / "second.yaml").write_text(HEAD.format("two", "b"), encoding="utf-8")

    model, found = read_policy(tmp_path)

    assert [fact.name for fact in model.facts] == ["a"]
    assert [(one.name, one.severity.value) for one in found] == [("second-policy", "hint")]
    assert found[0].text("zh") == "`second.yaml` 与 `policy.yaml` 并列，是另一份制度，其内容在此不生效"


def test_a_shipped_workflow_without_its_folder_is_told_with_it(tmp_path):
    """The remedy names the workflow that was likely meant, and all of them only where none resembles it."""
    (tmp_path / "policy.yaml").write_text(
        "policy: one\nversion: 1\ninclude: [shipped:complaint, shipped:quite_other]\n", encoding="utf-8"
    )

    _, found = read_policy(tmp_path)

    assert [one.text() for one in found] == [
        "nothing called `shipped:complaint` is shipped",
        "nothing called `shipped:quite_other` is shipped",
    ]
    assert found[0].help() == "did you mean `shipped:workflows/complaint`?"
    assert found[0].help("zh") == "是否想写 `shipped:workflows/complaint`？"
    assert found[1].help().startswith("shipped are ")
