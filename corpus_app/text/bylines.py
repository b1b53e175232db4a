"""Who wrote it, who translated it, where and when it appeared: read from an article's lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus_app.text.lines import Line, Role, ends_sentence, flat


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an article says about itself; None or empty where it says nothing."""

    title: str | None
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    outlet: str | None
    published_on: date | None


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed: where it stands, and the day, None where it can be read two ways."""

    start: int
    end: int
    day: date | None


# Nothing about people or outlets is looked for further into a line, however long it is.
LONGEST = 400
LONGEST_NAME = 60

# One row a month, as printed in English, French, German, Spanish, Portuguese, Italian, Dutch,
# Russian, Turkish and Arabic (both calendars of names).
MONTH_NAMES = (
    "january jan janvier janv januar jänner enero ene janeiro gennaio januari января ocak "
    "يناير كانون_الثاني",
    "february feb février févr fevrier februar febrero fevereiro febbraio februari февраля şubat "
    "فبراير شباط",
    "march mar mars märz marzo março maart марта mart مارس آذار",
    "april apr avril avr abril aprile апреля nisan أبريل نيسان",
    "may mai mayo maio maggio mei мая mayıs مايو أيار",
    "june jun juin juni junio junho giugno июня haziran يونيو حزيران",
    "july jul juillet juil juli julio julho luglio июля temmuz يوليو تموز",
    "august aug août aout agosto ago augustus августа ağustos أغسطس آب",
    "september sept sep septembre septiembre setembro settembre сентября eylül سبتمبر أيلول",
    "october oct octobre oktober okt octubre outubro ottobre октября ekim أكتوبر تشرين_الأول",
    "november nov novembre noviembre novembro ноября kasım نوفمبر تشرين_الثاني",
    "december dec décembre déc dezember dez diciembre dic dezembro dicembre декабря aralık "
    "ديسمبر كانون_الأول",
)
MONTHS = {
    name.replace("_", " "): number
    for number, names in enumerate(MONTH_NAMES, start=1)
    for name in names.split()
}
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
DATE = re.compile(
    rf"""(?<!\d)(?:
      (?P<y1>\d{{4}})(?P<s1>[-./])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})(?!\d)
    | (?P<y2>\d{{4}})\s?[年년]\s?(?P<m2>\d{{1,2}})\s?[月월]\s?(?P<d2>\d{{1,2}})\s?[日일]
    | (?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s(?:de\s|of\s)?
      (?P<m3>{_MONTH})\b\.?,?\s(?:de\s|del\s)?(?P<y3>\d{{4}})(?!\d)
    | (?<![^\W\d_])(?P<m4>{_MONTH})\b\.?\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y4>\d{{4}})(?!\d)
    | (?P<a5>\d{{1,2}})(?P<s5>[-./])(?P<b5>\d{{1,2}})(?P=s5)(?P<y5>\d{{4}})(?!\d)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
TIME = re.compile(
    r"(?:T|\b)\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\b\.?|Z|[+-]\d{2}:?\d{2})?|"
    r"\b(?:GMT|UTC|CES?T|[EP][SD]?T|BST|IST|MSK|Uhr)\b",
    re.IGNORECASE,
)
WEEKDAYS = (
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد"
)
DATE_LABEL = re.compile(
    r"\b(?:(?:first |last |date )?(?:published|posted|updated|modified|created)|(?:up)?dated?|"
    r"publié|mis à jour|modifié|veröffentlicht|aktualisiert|stand|erstellt|publicado|"
    r"actualizado|pubblicato|aggiornato|опубликовано|обновлено|نشر|نُشر|تاريخ النشر|آخر تحديث|"
    rf"on|at|am|um|le|à|el|den|a las|il|в|في|{WEEKDAYS})(?=[^\w]|$)",
    re.IGNORECASE,
)
# Apart from the rest because Sun and Mon are names, too.
WEEKDAY = re.compile(r"\b(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\b\.?", re.IGNORECASE)
LAST_LABEL = re.compile(rf"[\s,:(]+(?:{DATE_LABEL.pattern})?[\s,:(]*$", re.IGNORECASE)
UPDATED = re.compile(
    r"\b(?:updated|modified|aktualisiert|mis à jour|modifié|actualizado|aggiornato|"
    r"обновлено|آخر تحديث)",
    re.IGNORECASE,
)

BY = re.compile(
    r"""(?:
      (?:(?:written|posted|reported|words|interview|compiled|published
        |(?:an?\ )?(?:opinion|analysis|commentary|essay|column|report|review|story))\ )?by
    | (?:(?:eine?\ )?(?:kommentar|analyse|essay|gastbeitrag|reportage|bericht|interview)\ )?von
    | (?:(?:une?\ )?(?:analyse|tribune|chronique|reportage|texte|propos\ recueillis)\ )?par
    | (?:(?:una?\ )?(?:análisis|columna|crónica|artículo|texto|entrevista)\ (?:de|por)|por)
    | di|door|av|af|yazan|بقلم|كتبت?
    | (?:autor(?:in)?|auteure?|authors?|texte?|texto|testo|автор|por|par|von|by|الكاتبة?)\s?:
    )[\s:：]\s?
    | (?:文|作者|记者|記者|撰文)\s?[:：/／]\s?
    """,
    re.VERBOSE | re.IGNORECASE,
)
TRANSLATED = re.compile(
    r"(?:translated(?: from [\w ]{3,40})?|translation)(?: by\b|\s?:)|"
    r"(?:aus dem [\w ]{3,40}(?:übersetzt )?|übersetzt )von\b|übersetzung(?: von\b|\s?:)|"
    r"traduit(?: [\w’' ()]{1,40})? par\b|traduction(?: par\b|\s?:| de\b)|"
    r"traducido(?: [\w ]{1,40})? por\b|traducción(?: de\b|\s?:)|tradotto(?: [\w ]{1,40})? da\b|"
    r"перевод\s?:|ترجمة\s?:?|(?:译者|翻译|譯者)\s?[:：]",
    re.IGNORECASE,
)
TRADE = re.compile(
    r"\b(?:journalist(?:in|e)?|(?:staff )?writer|reporter(?:in)?|correspondent|editor|columnist|"
    r"contributor|analyst|professor|author|fellow|researcher|lecturer|economist|historian|"
    r"critic|freelancer?|blogger|commentator|scholar|redakteur(?:in)?|korrespondent(?:in)?|"
    r"autor(?:in)?|historien(?:ne)?|correspondante?|rédact(?:eur|rice)|chroniqueu(?:r|se)|periodista|"
    r"corresponsal|redactora?|giornalista|журналист(?:ка)?|корреспондент)\b|"
    r"صحفية?|صحافية?|كاتبة?|مراسلة?",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:institut(?:e|ion)?|cent(?:er|re)|foundation|council|society|association|university|"
    r"times|post|news|daily|journal|tribune|herald|review|gazette|chronicle|observer|courier|"
    r"press|agency|magazine|telegraph|mirror|standard|independent|dispatch|bulletin|monitor|"
    r"weekly|quarterly|wire|examiner|sentinel|ledger|affairs|today|online|network|radio|tv|television|broadcasting|media|zeitung|anzeiger|"
    r"rundschau|blatt|nachrichten|kurier|presse|journaux|gazette|dépêche|courrier|diario|"
    r"periódico|correo|noticias|gazzetta|corriere|jornal|газета|известия|новости|"
    r"stiftung|fondation|fundación)\b|صحيفة|جريدة|وكالة|معهد|مركز",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"(?:our |the |a )?(?:staff|(?:news|web|editorial) ?(?:desk|team|board|staff)|agencies|"
    r"admin|editors?|redaktion|la rédaction|redacción|correspondents?)",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    {"abu", "af", "al", "av", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den"}
    | {"der", "des", "di", "do", "dos", "du", "el", "ibn", "la", "le", "ten", "ter", "van"}
    | {"von", "y", "zu", "zur"}
)
# What may stand between the particle "By" and the name: "By Lantern writer", "By our reporter".
LEAD_IN = re.compile(
    rf"(?:[\w.’'-]+\s){{0,4}}?(?:{TRADE.pattern})(?:\sin\s[\w-]+)?[\s:]\s?(?=\w)", re.IGNORECASE
)
TAIL = re.compile(
    r"\s(?:in|at|for|aus|für|à|en|en|from|of|with agencies|reports?)\s.*|\s\([^()]*\)?.*|\s?@\w+.*",
    re.DOTALL,
)
PARTS = re.compile(r"\s?[|/／•·–—]\s?|\s-\s|;\s?")
AND = re.compile(r"\s?[,،、]\s?|\s(?:and|&|und|et|y|e|en|и|ve|with)\s|\s(?=و\S{2,}\s)")
BULLET = re.compile(r"^[\s•·*▪◦‣►>»\-–—]+")

PROVENANCE = re.compile(
    r"""^[\s(\[*"“]*(?:
      (?:(?:this|the|an?|a\ version\ of)\ (?:\S+\ ){0,4}?(?:article|op-ed|piece|essay|commentary|
         story|column|interview|text|version|post|analysis|report)\ (?:\S+\ ){0,3}?)?
      (?:originally|first|previously|re-?)\ ?(?:published|appeared|printed|posted|ran)\ ?
      (?:\w+\ ){0,3}?(?:in|on|by|at|from|with)
    | this\ (?:article|piece|essay|story|op-ed)\ (?:(?:was|is|has\ been)\ )?
      (?:published|appeared|reprinted|republished)\ (?:\w+\ ){0,3}?(?:in|on|by|from)
    | (?:reprinted|republished|reproduced|courtesy)\ (?:\w+\ ){0,3}?(?:from|of|by)
    | dies\w*\ (?:artikel|beitrag|text|kommentar)\ (?:ist\ |erschien\ |wurde\ )?
      (?:\w+\ ){0,3}?(?:in|im|bei|auf|von)
    | ce(?:t|tte)?\ (?:article|texte|tribune)\ (?:\S+\ ){0,5}?(?:dans|par|sur)
    | este\ (?:artículo|texto)\ (?:\S+\ ){0,5}?(?:en|por)
    | (?:نُ?شر|ن[ُ]?شرت)\ (?:هذا|هذه)\ (?:\S+\ ){1,4}?في
    | (?:source|quelle|fuente|fonte|источник|المصدر|来源|來源|出典)\ ?[:：]
    )\s*(?:the\s)?(?P<outlet>(?!\d)[^.,;:()\[\]\n|。]{2,80})""",
    re.VERBOSE | re.IGNORECASE,
)
AFTER_OUTLET = re.compile(
    r"\s(?:on|in|under|and|with|as|at|am|vom|le|el|erschienen|veröffentlicht)\s.*|"
    r"\s(?:erschienen|veröffentlicht)$"
)


def dates(text: str) -> Iterator[PrintedDate]:
    """Every full date printed in the text, in order; digits of any script."""
    for match in DATE.finditer(text):
        yield PrintedDate(match.start(), match.end(), _day(match))


def _day(match: re.Match[str]) -> date | None:
    form = next(name[1] for name in ("y1", "y2", "y3", "y4", "y5") if match[name])
    year = int(match[f"y{form}"])
    if form == "5":
        day, month = int(match["a5"]), int(match["b5"])
        if match["s5"] != "." and day <= 12 and month <= 12 and day != month:
            return None  # 5/6/2024 is June in London and May in New York
        if month > 12:
            day, month = month, day
    else:
        day, name = int(match[f"d{form}"]), match[f"m{form}"]
        month = int(name) if form in "12" else MONTHS[name.lower().replace("i̇", "i")]
    try:
        return date(year, month, day) if 1700 <= year <= 2200 else None
    except ValueError:
        return None


def without_dates(text: str) -> str:
    """The text without its dates, times, weekdays and the labels that go with them."""
    for found in reversed(list(dates(text))):
        text = f"{text[: found.start]} {text[found.end :]}"
    text = WEEKDAY.sub(" ", DATE_LABEL.sub(" ", TIME.sub(" ", text)))
    return flat(re.sub(r"\(\W*\)", " ", text)).strip(" ,;:.|/•·–—-()")


def is_name(text: str) -> bool:
    """Whether the text has the shape of a person's name: two to five capitalised words."""
    words = text.split() if len(text) <= LONGEST_NAME else []
    if not 2 <= len(words) <= 5 or re.search(r"[\d:;?!\"“”()\[\]|/@#]", text):
        return False
    if words[0] in PARTICLES or words[-1] in PARTICLES:
        return False
    return all(word in PARTICLES or _capitalised(word) for word in words)


def _capitalised(word: str) -> bool:
    """Starts with a capital, or is in a script without capitals."""
    # The d of d'Arvor is small, the A is what counts.
    first = word[2:3] if word[1:2] in ("'", "’") and word[0] in "dl" else word.lstrip("'’.-")[:1]
    return first.isalpha() and not first.islower() and not word.endswith((",", "…"))


def people(text: str) -> tuple[list[str], list[str]]:
    """Authors and translators named by a byline, in order; both empty if nobody is."""
    text = flat(BULLET.sub("", text))[:LONGEST]
    found = TRANSLATED.search(text)
    if not found:
        return _names(text), []
    rest = text[found.end() :]
    author = BY.search(rest) if re.search(r"\W(?:by|von|par|por)\s", rest) else None
    if author:
        return _names(text[: found.start()] + rest[author.start() :]), _names(
            rest[: author.start()]
        )
    return _names(text[: found.start()]), _names(rest)


def _names(text: str) -> list[str]:
    names: list[str] = []
    for found in reversed(list(dates(text))):
        before = text[: found.start]
        while label := LAST_LABEL.search(before):
            before = before[: label.start()]
        text = f"{before} | {text[found.end :]}"
    for part in PARTS.split(text):
        found = BY.match(part)
        part = part[found.end() :] if found else part
        lead_in = LEAD_IN.match(part)
        part = part[lead_in.end() :] if lead_in else part
        names += _listed(part, signed=bool(found))
    return _distinct(names)


def _listed(text: str, signed: bool) -> Iterator[str]:
    """The names of a list: "A, editor, and B in Paris" are two."""
    pieces = AND.split(text)
    joints = ["", *AND.findall(text)]
    at_work = False
    for joint, piece in zip(joints, pieces, strict=True):
        name = _bare(TAIL.sub("", f"{piece} "))
        # "Professor of Law and Political Science" goes on with the trade.
        if _is_person(name, alone=signed and len(pieces) == 1) and not (
            at_work and "," not in joint
        ):
            yield _cased(name)
        at_work = bool(TRADE.search(piece))


def _bare(piece: str) -> str:
    piece = re.sub(r"^و(?=\S{2,}\s)", "", piece) if piece.startswith("و") else piece
    return piece.strip(" .,:;").removeprefix("Dr. ").removeprefix("Prof. ")


def _is_person(piece: str, alone: bool) -> bool:
    if not piece or TRADE.search(piece) or ORGANISATION.search(piece) or NOBODY.fullmatch(piece):
        return False
    one_word = alone and _capitalised(piece) and piece.replace("-", "").isalpha()
    return is_name(piece) or one_word


def _cased(name: str) -> str:
    """A name printed in capitals, in ordinary case; initials and particles as they are."""
    if not name.isupper() or not any(len(word) > 3 for word in name.split()):
        return name
    return " ".join(word if "." in word else word.title() for word in name.split())


def _distinct(names: Iterable[str]) -> list[str]:
    return list({name.casefold(): name for name in reversed(list(names))}.values())[::-1]


def outlet_name(text: str) -> str | None:
    """The outlet that a provenance note or a site's header names, None if none."""
    text = flat(text)[:LONGEST]
    found = PROVENANCE.match(text)
    name = AFTER_OUTLET.sub("", found["outlet"]) if found else text
    name = without_dates(name) if next(dates(name), None) else name
    name = name.strip(" \"'“”‘’«»()（）[]*.,|·•–—-")
    if not name or name.lower() in ("http", "https", "www"):
        return None
    words = name.split()
    if name.isupper() and len(words) > 1:
        # Short words in capitals may be abbreviations (BBC, AP) and are left alone.
        small = {"THE": "The", "OF": "of", "AND": "and", "FOR": "for", "ON": "on", "NEW": "New"}
        words = [small.get(word, word.title() if len(word) > 3 else word) for word in words]
    return " ".join(words)


def is_outlet(text: str) -> bool:
    """Whether the text names an institution and nothing else."""
    small = {"of", "the", "for", "and", "on", "in", "de", "der", "des", "für", "la", "&"}
    words = text.split()
    return (
        len(words) <= 8
        and not ends_sentence(text)
        and bool(ORGANISATION.search(text))
        and all(word in small or not word[0].islower() for word in words)
    )


def in_brackets(text: str) -> bool:
    """Whether the text is a name, and nothing but that, in brackets."""
    inner = text[1:-1].strip()
    return (
        text[0] + text[-1] in ("()", "[]", "（）", "【】")
        and 0 < len(inner) <= 60
        and is_name(f"{inner} X" if " " not in inner else inner)
    )


def metadata(lines: Sequence[Line]) -> Metadata:
    """Title, authors, translators, outlet and date as the lines' roles give them.

    An outlet's own line goes before a provenance note, a day of publication before one of
    an update, and bylines before biographies.
    """
    texts: dict[Role, list[str]] = {role: [] for role in Role}
    for line in lines:
        texts[line.role].append(flat(line.text))
    named = [people(text) for text in texts[Role.BYLINE]]
    authors = _distinct(name for found, _ in named for name in found)
    outlets = map(outlet_name, texts[Role.OUTLET] + texts[Role.PROVENANCE])
    title = " ".join(dict.fromkeys(texts[Role.TITLE])).removeprefix("Subject: ")
    return Metadata(
        title=title or None,
        authors=tuple(authors or _distinct(_subjects(texts[Role.BIO]))),
        translators=tuple(_distinct(name for _, found in named for name in found)),
        outlet=next(filter(None, outlets), None),
        published_on=_published_on(lines),
    )


def _subjects(bios: Iterable[str]) -> Iterator[str]:
    """The people whom biographies are about: the name before the first verb or comma."""
    for bio in bios:
        name = re.split(
            r",|\s(?:is|was|has|teaches|writes|ist|est|es|è)\s", bio[:LONGEST], maxsplit=1
        )[0]
        if is_name(name):
            yield name


def _published_on(lines: Sequence[Line]) -> date | None:
    found: list[tuple[bool, date]] = []
    for line in lines:
        if line.role not in (Role.DATELINE, Role.BYLINE, Role.OUTLET):
            continue
        text, seen = flat(line.text)[:LONGEST], 0
        for printed in dates(text):
            if printed.day:
                found.append((bool(UPDATED.search(text, seen, printed.start)), printed.day))
            seen = printed.end
    # min keeps the first of equals: the day printed first is the day of publication.
    return min(found, key=lambda one: one[0])[1] if found else None
