"""Files on disk: what a policy is made of, and what it may not be made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.diagnostics import Fragment
from relflow.model import Fields, Value
from relflow.reader import apply_overlay, read_overlay, read_policy, read_tests, read_text, read_texts, set_parameters

FULL = Path("tests/cases/reader/full")
COMPLAINT = "workflow: w\nversion: 1\ninitial: a\nstates: {a: {}}\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A folder with files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def names(path: Path | str, **options: object) -> list[str]:
    """The names of the findings."""
    return [finding.name for finding in read_policy(path, **options)[1]]  # type: ignore[arg-type]


def test_policy_without_include_takes_its_folder(tmp_path: Path) -> None:
    """Sections and workflows come in, tests, overlays and other policies do not; of a second policy it is told."""
    files = {
        "policy.yaml": "policy: x\n",
        "facts.yaml": "facts: {a: {type: number}}\n",
        "w.yaml": COMPLAINT,
        "facts.test.yaml": "tests: nonsense\n",
        "site.yaml": "overlay: x\nset: nonsense\n",
        "other.yaml": "policy: y\nnonsense: 1\n",
    }
    model, found = read_policy(write(tmp_path, files))

    assert [(one.name, one.span.source.name.rsplit("/", 1)[-1]) for one in found] == [("second-policy", "other.yaml")]
    assert model is not None
    assert [fact.name for fact in model.facts] == ["a"]
    assert [workflow.name for workflow in model.workflows] == ["w"]


def test_policy_file_of_another_name_stands_alone(tmp_path: Path) -> None:
    """Several one-file policies may lie in one folder."""
    files = {"one.yaml": "policy: one\n", "facts.yaml": "facts: {a: {type: number}}\n"}
    model, found = read_policy(write(tmp_path, files) / "one.yaml")

    assert found == ()
    assert model is not None
    assert model.facts == ()


def test_workflow_file_alone_has_no_head(tmp_path: Path) -> None:
    """A workflow can be checked by itself."""
    model, found = read_policy(write(tmp_path, {"w.yaml": COMPLAINT}) / "w.yaml")

    assert found == ()
    assert model is not None
    assert model.head is None
    assert model.workflows[0].version.text == "1"


@pytest.mark.parametrize("name", ["../../secret.yaml", "../secret.yaml", "/etc/passwd", "link.yaml", "~/x.yaml"])
def test_include_stays_inside(tmp_path: Path, name: str) -> None:
    """Neither a path nor a link leads out of the folders that a policy may use."""
    policy = tmp_path / "a" / "b" / "rules" / "x"
    write(policy, {"policy.yaml": f"policy: x\ninclude: [{name}]\n"})
    write(tmp_path / "a" / "b", {"secret.yaml": "facts: {}\n", "rules/secret.yaml": "facts: {}\n"})
    (policy / "link.yaml").symlink_to(tmp_path / "a" / "b" / "secret.yaml")

    expected = ["missing-file"] if name.startswith("~") else ["include-outside"]
    assert names(policy) == expected


def test_include_reaches_siblings_workflows_and_roots(tmp_path: Path) -> None:
    """Folders beside the policy's, the `workflows` folders beside and above, and folders that the host names."""
    write(
        tmp_path,
        {
            "rules/x/policy.yaml": "policy: x\ninclude: [../common/f.yaml, ../../workflows/w.yaml, far.yaml]\n",
            "rules/common/f.yaml": "facts: {a: {type: number}}\n",
            "workflows/w.yaml": COMPLAINT,
            "else/far.yaml": "roles: {r: {}}\n",
        },
    )
    model, found = read_policy(tmp_path / "rules/x", roots=[tmp_path / "else"])

    assert found == ()
    assert model is not None
    assert [role.name for role in model.roles] == ["r"]
    assert names(tmp_path / "rules/x") == ["missing-file"]


def test_shipped_names_are_read() -> None:
    """`shipped:` names a policy that comes with relflow; an unknown one lists those that do."""
    model, found = read_policy("shipped:petrochemical")
    _, missing = read_text("policy: x\ninclude: shipped:nothing\n")

    assert model is not None
    assert [finding.text() for finding in found] == []
    assert [finding.name for finding in missing] == ["missing-file"]


@pytest.mark.parametrize(
    ("path", "name"), [("nowhere", "unreadable-file"), ("nowhere.yaml", "unreadable-file"), (".", "missing-file")]
)
def test_missing_policy_is_a_finding(tmp_path: Path, path: str, name: str) -> None:
    """A path that leads nowhere is no traceback."""
    model, found = read_policy(tmp_path / path)

    assert model is None
    assert [finding.name for finding in found] == [name]


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ("policy: x\nlabel: 客户\n".encode("gb18030"), "not-utf8", "GBK"),
        ("policy: x\n".encode("utf-16"), "not-utf8", "UTF-16"),
        (b"policy: x\nlabel: \xff\xff\xff", "not-utf8", "no text"),
        (b"policy: \x00x\n", "control-character", "U+0000"),
        (b"policy: x\n#" + b"x" * 5_000_000, "too-large", "characters"),
        (b"policy: x\n#" + b"x" * 20_000_000, "too-large", "characters"),
        (b"policy: x\nlabel: " + b"x" * 300_000, "too-large", "line"),
    ],
)
def test_file_that_is_no_text(tmp_path: Path, data: bytes, name: str, text: str) -> None:
    """Other encodings, binary and oversized files are refused in the user's words."""
    (tmp_path / "policy.yaml").write_bytes(data)
    model, found = read_policy(tmp_path)

    assert model is None
    assert [finding.name for finding in found] == [name]
    assert text in found[0].text()


def test_byte_order_mark_is_not_seen(tmp_path: Path) -> None:
    """A file of Windows' own editor reads like any other, its first column counts from its first letter."""
    (tmp_path / "policy.yaml").write_bytes(b"\xef\xbb\xbfpolicy: x\r\nlable: y\r\n")
    model, found = read_policy(tmp_path)

    assert model is not None
    assert [(finding.name, finding.span.line, finding.span.column) for finding in found] == [("unknown-key", 2, 1)]
    assert model.head is not None
    assert model.head.id.span.column == 9


def test_findings_show_files_as_the_user_reached_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the current folder by their names, elsewhere by the path that was given."""
    write(tmp_path, {"p/policy.yaml": "policy: x\ninclude: [a.yaml]\n", "p/a.yaml": "fact: {}\n"})
    monkeypatch.chdir(tmp_path / "p")
    here = read_policy(".")[1]
    monkeypatch.chdir(tmp_path)
    there = read_policy("p")[1]

    assert str(here[0].span) == "a.yaml:1:1"
    assert str(there[0].span) == f"{Path('p', 'a.yaml')}:1:1"


def test_overlay_fills_what_is_open() -> None:
    """Values, bodies, lists that were only suggested, holders of roles, days of the calendar."""
    model, found = read_policy(FULL, FULL / "company.overlay.yaml")
    assert model is not None
    assert found == ()
    by_name = {element.name: element for element in (*model.parameters, *model.decisions, *model.tiers, *model.roles)}

    assert by_name["pay_late"].value.text.text == "30 days"  # type: ignore[attr-defined]
    assert not by_name["left_open"].open  # type: ignore[attr-defined]
    assert by_name["other"].levels.names() == ("a", "b", "c")  # type: ignore[attr-defined]
    assert [member.text for member in by_name["executive"].members] == ["li", "zhao"]  # type: ignore[attr-defined]
    # a role that only a workflow names is bound too
    assert [member.text for member in by_name["desk"].members] == ["wang"]  # type: ignore[attr-defined]
    assert model.head is not None
    assert model.head.calendar is not None
    assert [day.text for day in model.head.calendar.holidays] == ["2026-03-02", "2026-05-08"]
    stage = next(fact for fact in model.facts if fact.name == "stage")
    assert stage.one_of is not None
    assert stage.one_of.names() == ("new", "middle", "old")
    assert not stage.one_of.suggested


def test_what_the_company_takes_over_keeps_the_name_of_the_example(tmp_path: Path) -> None:
    """A level that the manual suggests keeps its label where the company lists it without one, and only there."""
    (tmp_path / "policy.yaml").write_text(
        """
policy: named
version: 1
tiers:
  tier: {levels: {suggested: {key: {en: Key, zh: 重点}, rest: {en: Rest, zh: 其他}}}}
""",
        encoding="utf-8",
    )
    listed = tmp_path / "list.overlay.yaml"
    listed.write_text("overlay: named\ntiers: {tier: {levels: [top, key]}}\n", encoding="utf-8")
    model, _ = read_policy(tmp_path, listed)
    assert model is not None
    levels = model.tiers[0].levels
    assert levels is not None

    assert {name: label.text.text("zh") for name, label in levels.labels().items()} == {"key": "重点"}


def test_overlay_can_be_applied_to_a_model_that_was_read() -> None:
    """Reading and filling are two steps for those who need them apart."""
    model, _ = read_policy(FULL)
    overlay, found = read_overlay(FULL / "company.overlay.yaml")
    assert model is not None
    assert overlay is not None
    merged, more = apply_overlay(model, overlay)

    assert (found, more) == ((), [])
    assert merged.overlay is overlay
    assert merged.digest == read_policy(FULL, FULL / "company.overlay.yaml")[0].digest  # type: ignore[union-attr]


def test_overlay_adds_no_role_that_it_does_not_bind() -> None:
    """Of the roles that only a workflow names, the policy gets those that the company fills."""
    model, _ = read_policy(FULL, FULL / "company.overlay.yaml")
    assert model is not None

    assert "desk" in {role.name for role in model.roles}
    assert "lead" not in {role.name for role in model.roles}


def test_overlay_may_not_change_what_an_indicator_is_a_sign_of() -> None:
    """What the policy says stays, also where its condition is open."""
    texts = {
        "policy.yaml": "policy: x\nindicators: {i: {kind: credit}}\n",
        "site.yaml": "overlay: x\nindicators: {i: {kind: churn, when: a > 1}}\n",
    }
    model, found = read_texts(texts, overlay="site.yaml")

    assert [one.name for one in found] == ["overlay-fixed"]
    assert model is not None
    assert model.indicators[0].when is not None
    assert model.indicators[0].kind is not None
    assert model.indicators[0].kind.text == "credit"


def test_tests_set_parameters() -> None:
    """A test's `set` wins over a value; an overlay's does not."""
    model, _ = read_text("policy: x\nparameters: {a: {type: number, value: 1}}\n")
    assert model is not None
    span = Fragment.of("").span
    settings = Fields(((Fragment.of("a"), Value(Fragment.of("2"))),), span)
    unknown = Fields(((Fragment.of("b"), Value(Fragment.of("2"))),), span)

    changed, found = set_parameters(model, settings)
    kept, refused = set_parameters(model, settings, override=False)

    assert (changed.parameters[0].value.text.text, found) == ("2", [])  # type: ignore[union-attr]
    assert (kept.parameters, [one.name for one in refused]) == (model.parameters, ["overlay-fixed"])
    assert [one.name for one in set_parameters(model, unknown)[1]] == ["unknown-name"]


def test_file_of_tests_may_begin_with_what_holds_for_all(tmp_path: Path) -> None:
    """Its name says what it is; under another name the first key does."""
    text = "set: {a: 1}\noverlay: site.yaml\ntests:\n  - {it: works, expect: {b: 1}}\n"
    folder = write(tmp_path, {"a.test.yaml": text, "tests.yaml": text})
    tests, found = read_tests(folder / "a.test.yaml")

    assert found == ()
    assert tests is not None
    assert tests.set is not None
    assert [one.name for one in read_tests(folder / "tests.yaml")[1]] == ["first-key"]


def test_wrong_kind_of_file() -> None:
    """A policy is no overlay and no test."""
    assert [one.name for one in read_overlay(FULL / "policy.yaml")[1]] == ["wrong-file"]
    assert [one.name for one in read_tests(FULL / "policy.yaml")[1]] == ["wrong-file"]
