"""Archives: what comes out, under which name, and what is refused."""

import io
import zipfile

import pytest

from corpus_app.reading import Readers, Unreadable
from tests.reading import docx_of, xlsx_of, zipped


@pytest.fixture(scope="module")
def readers():
    with Readers() as readers:
        yield readers


def outcomes(readers, data: bytes) -> dict[str, bytes | str]:
    """Name → content, or the reason why there is none."""
    return {
        name: str(content) if isinstance(content, Unreadable) else content
        for name, content in readers.unpack("some.zip", data)
    }


def test_files_come_out_in_order_with_their_folders_and_bytes(readers):
    members = [
        ("b.txt", b"\xff\xfeA\x00"), ("folder/a.html", b"<html>"), ("c.docx", docx_of()),
        ("table.xlsx", xlsx_of([["a"]])),
    ]  # fmt: skip
    assert list(readers.unpack("some.zip", zipped(*members))) == members


def test_what_systems_hide_in_archives_is_passed_over(readers):
    hidden = ["__MACOSX/._a.txt", ".DS_Store", "folder/.hidden", "folder/Thumbs.db", "folder/"]
    data = zipped(*((name, b"x") for name in hidden), ("a.txt", b"A text."))
    assert outcomes(readers, data) == {"a.txt": b"A text."}


def test_what_is_refused_is_told_by_name_and_the_rest_comes(readers):
    data = zipped(
        ("../out.txt", b"x"), ("in.zip", zipped(("a.txt", b"x"))), ("p.png", b"\x89PNG\r\n\x1a\n"),
        ("a.txt", b"A text."),
    )  # fmt: skip
    assert outcomes(readers, data) == {
        "../out.txt": "Its name leads out of the archive, or it is only a link.",
        "in.zip": "It is an archive in an archive. Unpack it and import it by itself.",
        "p.png": "This is a PNG picture, and no reader can read that. Save it as text.",
        "a.txt": b"A text.",
    }


def test_a_link_is_refused(readers):
    link = zipfile.ZipInfo("passwords.txt")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "only a link" in outcomes(readers, made.getvalue())["passwords.txt"]


def test_a_locked_file_is_refused(readers):
    data = bytearray(zipped(("a.txt", b"A text.")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert outcomes(readers, bytes(data)) == {
        "a.txt": "It is locked with a password. Save it without one."
    }


def test_a_damaged_file_is_refused_and_the_rest_comes(readers):
    data = bytearray(zipped(("a.txt", b"A text that is damaged."), ("b.txt", b"A text.")))
    data[40] ^= 0xFF
    assert outcomes(readers, bytes(data)) == {
        "a.txt": "It is damaged or cut off. Save it anew, or as plain text.",
        "b.txt": b"A text.",
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bru\u0308cke.txt", "Brücke.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_names_are_shown_as_one_may_store_them(readers, name, shown):
    assert outcomes(readers, zipped((name, b"A text."))) == {shown: b"A text."}


def test_a_name_in_utf_8_that_does_not_say_so_is_read(readers):
    data = zipped(("Brücke.txt", b"A text.")).replace(b"\x00\x08", b"\x00\x00")
    assert list(outcomes(readers, data)) == ["Brücke.txt"]


def test_an_archive_can_be_left_half_read(readers):
    members = readers.unpack("some.zip", zipped(("a.txt", b"A"), ("b.txt", b"B")))
    assert next(members) == ("a.txt", b"A")
    members.close()
    assert readers._busy == []
