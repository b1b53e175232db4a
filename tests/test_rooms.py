"""Who may import whom: the contracts of design and pyproject.toml, and that they bite."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "annotations", "corpus_app")
HTTP = ("django.http", "django.shortcuts", "django.views", "django.contrib.admin", "django.forms")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
[OF_DOORS] = [one for one in CONTRACTS if one["name"] == "Doors know nothing of the API"]
DOORS = sorted(
    str(path.relative_to(ROOT))
    for module in OF_DOORS["source_modules"]
    for path in (
        (ROOT / module.replace(".", "/")).rglob("*.py")
        if (ROOT / module.replace(".", "/")).is_dir()
        else [ROOT / f"{module.replace('.', '/')}.py"]
    )
)
MODULES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def lint(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path):
    """A copy of the product's Python and contracts."""
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("static", "demo", "__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_everybody_stays_in_her_room(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_a_module_without_a_room_fails(copy, package):
    (copy / package / "stray.py").write_text('"""Nobody said where this belongs."""\n')
    done = lint(copy)
    assert done.returncode == 1
    assert f"- {package}.stray\n" in done.stdout


def test_a_step_back_fails(copy):
    names = copy / "corpus_app" / "names.py"
    names.write_text(f"{names.read_text()}\nfrom annotations import codebook\n")
    done = lint(copy)
    assert done.returncode == 1
    assert "- corpus_app.names -> annotations.codebook" in done.stdout


@pytest.mark.parametrize("door", DOORS)
def test_a_door_knows_no_http(door):
    tree = ast.parse((ROOT / door).read_text())
    froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names}
    assert {name for name in froms | plain if name.startswith(HTTP)} == set()


def test_no_module_is_named_after_nothing():
    vague = re.compile(r"(utils?|helpers?|services?|managers?|common|misc)\.py")
    assert [path for path in MODULES if vague.fullmatch(path.name)] == []


def test_no_file_is_longer_than_one_can_read():
    long = {path.name: len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 600} == {}
