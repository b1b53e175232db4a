"""Which column of a table is which field of an article, and what a row says."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from rapidfuzz import fuzz

from corpus_app.text import normalise
from corpus_app.text.bylines import dates, people

# A column is taken for a field if its name is this like one of the field's names, out of 100.
LIKE = 85
NAMES = {
    "title": """title headline head heading titel überschrift schlagzeile titre título titular
        titolo tytuł başlık заголовок название 标题 標題 タイトル العنوان عنوان""",
    "text": """text body content article story full-text fulltext body-text main-text maintext
        plain-text volltext inhalt meldung meldungstext artikel artikeltext texte contenu
        corps texto contenido cuerpo testo contenuto treść metin
        текст содержание 正文 内容 內容 本文 النص نص المحتوى""",
    "authors": """author authors byline by writer writers journalist reporter creator autor autorin
        autoren verfasser verfasserin auteur auteurs autora autores autore autori yazar автор авторы
        作者 著者 المؤلف الكاتب""",
    "translators": """translator translators translated-by übersetzer übersetzerin übersetzung
        traducteur traductrice traductor traductora traduttore çevirmen
        переводчик 译者 譯者 المترجم""",
    "published_on": """date published published-on published-at publication-date publish-date
        date-published date-of-publication pubdate pub-date release-date datum erscheinungsdatum
        veröffentlicht veröffentlicht-am erschienen erschienen-am date-de-publication fecha
        fecha-de-publicación data data-di-pubblicazione data-publikacji tarih дата дата-публикации
        日期 发布日期 發布日期 日付 التاريخ تاريخ تاريخ-النشر""",
    "outlet": """outlet source source-name publication newspaper paper journal magazine medium media
        publisher site-name quelle zeitung herausgeber journal média périodique fuente medio
        periódico fonte testata giornale źródło gazete kaynak источник издание 来源 來源 媒体 媒體
        المصدر الصحيفة""",
    "language": """language lang locale sprache langue idioma lengua lingua język dil язык 语言
        語言 言語 اللغة لغة""",
    "url": """url link uri address web-address href permalink source-url adresse lien enlace
        dirección indirizzo collegamento адрес ссылка 链接 鏈接 網址 网址 الرابط رابط""",
    "rights": """rights rights-note license licence copyright rechte lizenz droits licencia derechos
        licenza diritti права лицензия 版权 版權 الحقوق""",
}
FIELDS = tuple(NAMES)
# Words that say no more than that it is a column of a table of articles.
EMPTY_WORDS = {"article", "articles", "artikel", "news", "doc", "document", "item", "post", "the"}


@dataclass(frozen=True)
class RowValues:
    """What a row says of its article: values by field, and what of it could not be taken over."""

    fields: Mapping[str, Any]
    remarks: Sequence[str] = field(default_factory=tuple)


def propose_layout(columns: Sequence[str]) -> dict[str, str]:
    """Field of an article → the column whose name is likest to it; only what seems sure.

    Names are known in several languages; case, accents, word boundaries and a slip of the pen
    make no difference. No column stands for two fields.
    """
    scored = sorted(
        (
            (_likeness(column, field), -number, field, column)
            for field in FIELDS
            for number, column in enumerate(columns)
        ),
        reverse=True,
    )
    layout: dict[str, str] = {}
    for score, _, name, column in scored:
        if score >= LIKE and name not in layout and column not in layout.values():
            layout[name] = column
    return {name: layout[name] for name in FIELDS if name in layout}


def columns_key(columns: Sequence[str]) -> str:
    """What two tables have in common when their columns have the same names, in any order."""
    return sha256(json.dumps(sorted(columns)).encode()).hexdigest()


def row_values(row: Mapping[str, str], layout: Mapping[str, str]) -> RowValues:
    """The metadata of the row's article; `remarks` name what was left out and why."""
    said = {name: normalise(row.get(column) or "").strip() for name, column in layout.items()}
    fields: dict[str, Any] = {
        name: " ".join(said[name].split())
        for name in ("title", "outlet", "rights")
        if said.get(name)
    }
    remarks = []
    for name in ("authors", "translators"):
        if said.get(name):
            fields[name] = _people(said[name])
    if day := said.get("published_on"):
        fields["published_on"] = read_day(day)
        if fields["published_on"] is None:
            remarks.append(f"Without a date: “{day[:60]}” names no day, or could name two.")
    if language := said.get("language"):
        if re.fullmatch(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,3}", language):
            fields["language"] = language.replace("_", "-")
        else:
            remarks.append(f"Left out: “{language[:60]}” is no language tag, such as en or pt-BR.")
    if url := said.get("url"):
        if re.match(r"https?://[^\s/]", url, re.IGNORECASE):
            fields["url"] = url
        else:
            remarks.append(
                f"Left out: “{url[:60]}” is no address that begins with http:// or https://."
            )
    return RowValues({name: value for name, value in fields.items() if value}, tuple(remarks))


def read_day(cell: str) -> date | None:
    """The day that a cell names in any usual notation; None if it names none, or one of two."""
    cell = cell.strip()
    try:
        return date.fromisoformat(cell[:8] if re.fullmatch(r"\d{8}(?:T.*)?", cell) else cell[:10])
    except ValueError:
        return next((printed.day for printed in dates(cell[:200])), None)


def _people(cell: str) -> tuple[str, ...]:
    parts = [" ".join(part.split()) for part in re.split(r"[;|\n]", cell)]
    names = [name for part in parts for name in people(part)[0] or [part] if name]
    return tuple(dict.fromkeys(names))


def _likeness(column: str, field: str) -> float:
    """How like the column's name is to the field's names, from 0 to 100."""
    name = _folded(column)
    return max(fuzz.ratio(name, known) for known in KNOWN[field])


def _folded(name: str) -> str:
    """The name in lower case without accents, its words parted by blanks, empty words left out."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFD", parted.casefold())
        if not unicodedata.combining(sign)
    )
    words = re.findall(r"\w+", bare.replace("_", " "))
    telling = [word for word in words if word not in EMPTY_WORDS]
    return " ".join(telling or words)


KNOWN = {name: [_folded(known) for known in names.split()] for name, names in NAMES.items()}
