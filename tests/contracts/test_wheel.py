"""What a built wheel and a source archive hold, and that the wheel works alone in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import relflow
from relflow import shipped
from tests.contracts.code import ROOT

SHIPPED = ("rules", "workflows", "demo")
LEFT_OUT = {"__pycache__"}


def hatchling(folder: Path, kind: str, into: Path) -> Path:
    """Build one kind of archive of the project in `folder`."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(into.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive of the checkout."""
    return hatchling(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source archive as an index's users would."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    return hatchling(next(unpacked.iterdir()), "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel in it; its Python."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=120)
    python = venv / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(where.stdout.strip())
    return python


def run(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed relflow; the packages it needs are borrowed from this environment, relflow is not.

    A folder on PYTHONPATH has its `.pth` files ignored, so the editable install does not come along.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "RELFLOW"))
    }
    environment |= {"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [python, *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def files(folder: str) -> set[str]:
    """The files of one folder at the top of the checkout, as paths inside it."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts)
    }


def test_the_wheel_holds_the_package_and_everything_shipped(wheel: Path) -> None:
    """Each module, `py.typed`, the licence and each file of rules, workflows and demo is in the wheel, nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = {PurePosixPath(name).name for name in archive.namelist() if ".dist-info/" in name}
    package = {name.removeprefix("src/") for name in files("src")}
    data = {f"relflow/shipped/{name}" for kind in SHIPPED for name in files(kind)}

    assert names == package | data
    assert {"LICENSE", "METADATA", "entry_points.txt"} <= metadata


def test_the_source_archive_holds_no_environment(archive: Path) -> None:
    """The archive holds what is listed for it, and neither a virtual environment nor a cache."""
    with tarfile.open(archive) as tar:
        tops = {PurePosixPath(name).parts[1] for name in tar.getnames() if len(PurePosixPath(name).parts) > 1}

    assert tops & {".venv", "build", "dist", ".git"} == set()
    assert {"src", "tests", "pyproject.toml", "LICENSE", "constraints.txt", "Makefile"} <= tops


def test_the_installed_wheel_finds_what_is_shipped(installed: Path, tmp_path: Path) -> None:
    """In an empty folder the installed package finds the policies and workflows of its own."""
    code = "\n".join(
        [
            "from relflow import shipped",
            "print(shipped.__file__)",
            "print(shipped.names())",
            "print(all(shipped.resolve(name).exists() for name in shipped.names()))",
        ]
    )
    done = run(installed, "-c", code, cwd=tmp_path)
    where, names, exist = done.stdout.splitlines()

    assert Path(where).is_relative_to(installed.parents[1])
    assert names == str(shipped.names())
    assert exist == "True"


def test_the_installed_command_line_runs(installed: Path, tmp_path: Path) -> None:
    """`relflow --version` works from the wheel."""
    done = run(installed, "-m", "relflow", "--version", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, f"relflow {relflow.__version__}\n", "")


def test_the_installed_policies_check(installed: Path, tmp_path: Path) -> None:
    """Every shipped policy has no mistakes where the wheel put it, with the workflows that it includes."""
    for name in (name for name in shipped.names() if not name.startswith("workflows/")):
        check = run(installed, "-m", "relflow", "check", f"shipped:{name}", cwd=tmp_path)
        assert check.returncode == 0, check.stderr


@pytest.mark.slow
def test_the_installed_demo_runs_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """`relflow demo` needs nothing but the wheel: customers are decided, a report and a store are written."""
    done = run(installed, "-m", "relflow", "demo", "--out", "out", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "2,357" in done.stdout
    assert {path.suffix for path in (tmp_path / "out").iterdir()} >= {".html", ".db"}
