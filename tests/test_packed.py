"""Files made of several, as others may have packed them."""

import io
import zipfile

import pytest

from annotations.exchange.neutral import ReadError
from annotations.exchange.packed import unzipped


def packed(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file.getvalue()


def test_files_come_in_the_order_of_their_names_without_the_twins_that_macos_makes():
    data = packed(("b", b"2"), ("__MACOSX/b", b"x"), ("a/", b""), ("a/c", b"1"))
    assert list(unzipped(io.BytesIO(data))) == [("a/c", b"1"), ("b", b"2")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no zip archive"),
        (packed(("a", b"x"))[:-9], "no zip archive"),
        (packed(("a", b"x" * 99)).replace(b"PK\x01\x02", b"PK\x01\x03"), "no zip archive"),
        (packed(("a", bytes(5_000_000))), "would grow too much"),
        (packed(*((str(n), b"") for n in range(20_001))), "20001 files"),
        (packed(("a", b"x"), how=zipfile.ZIP_LZMA), "packed in an unusual way"),
        (packed(("a", b"x"), how=zipfile.ZIP_BZIP2), "packed in an unusual way"),
    ],
    ids=range(7),
)
def test_what_is_no_plain_archive_is_refused(data, reason):
    with pytest.raises(ReadError, match=reason):
        list(unzipped(io.BytesIO(data)))
