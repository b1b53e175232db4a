"""Who wrote it, who translated it, where and when: read from single lines."""

from datetime import date

import pytest

from corpus_app.text.bylines import metadata
from corpus_app.text.lines import Line, Role


@pytest.mark.parametrize(
    ("line", "authors", "translators"),
    [
        ("By Anna Holm", ["Anna Holm"], []),
        ("by ANNA HOLM", ["Anna Holm"], []),
        (
            "By Anna Holm, Ben Okri and Carla de la Vega",
            ["Anna Holm", "Ben Okri", "Carla de la Vega"],
            [],
        ),
        ("By Anna Holm in Lindal and agencies", ["Anna Holm"], []),
        ("By Lantern News Agency correspondent Anna Holm", ["Anna Holm"], []),
        ("Anna Holm, Professor of Law", ["Anna Holm"], []),
        ("Anna Holm / 2017.04.18 (Tue)", ["Anna Holm"], []),
        ("Sun Li | 18 April 2017", ["Sun Li"], []),
        ("Von Katrin Vogel und Jörg Maaß", ["Katrin Vogel", "Jörg Maaß"], []),
        ("Par Jean-Luc d’Arvor", ["Jean-Luc d’Arvor"], []),
        ("Por J. M. Ibarra", ["J. M. Ibarra"], []),
        ("بقلم ليلى حداد", ["ليلى حداد"], []),
        ("作者：林晓", ["林晓"], []),
        ("By Anna Holm; translated by Paul Reeve", ["Anna Holm"], ["Paul Reeve"]),
        ("Translated from Danish by Paul Reeve and Eva Ott", [], ["Paul Reeve", "Eva Ott"]),
        ("Aus dem Englischen von Katrin Vogel", [], ["Katrin Vogel"]),
        ("By our staff", [], []),
        ("By the editors", [], []),
    ],
)
def test_a_byline_names_authors_and_translators(line, authors, translators):
    found = metadata([Line(1, line, Role.BYLINE)])
    assert (list(found.authors), list(found.translators)) == (authors, translators)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("5 March 2024", date(2024, 3, 5)),
        ("March 5th, 2024", date(2024, 3, 5)),
        ("Mar. 5, 2024", date(2024, 3, 5)),
        ("Tuesday, 5th of March 2024", date(2024, 3, 5)),
        ("2024-03-05T10:00:00Z", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("05.03.2024", date(2024, 3, 5)),
        ("25/03/2024", date(2024, 3, 25)),
        ("03/25/2024", date(2024, 3, 25)),
        ("05/03/2024", None),
        ("5. März 2024", date(2024, 3, 5)),
        ("1er août 2024", date(2024, 8, 1)),
        ("5 de marzo de 2024", date(2024, 3, 5)),
        ("5 марта 2024", date(2024, 3, 5)),
        ("٥ مارس ٢٠٢٤", date(2024, 3, 5)),
        ("5 آذار 2024", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("31 February 2024", None),
        ("Updated 6 March 2024. Published 5 March 2024", date(2024, 3, 5)),
        ("March 2024", None),
    ],
)
def test_a_dateline_gives_the_day(line, day):
    assert metadata([Line(1, line, Role.DATELINE)]).published_on == day


@pytest.mark.parametrize(
    ("role", "line", "outlet"),
    [
        (Role.OUTLET, "(THE MORNING LANTERN)", "The Morning Lantern"),
        (Role.OUTLET, "BBX NEWS", "BBX News"),
        (Role.OUTLET, "Harbour Gazette, 5 March 2024", "Harbour Gazette"),
        (
            Role.PROVENANCE,
            "This op-ed was originally published in Harbour Gazette",
            "Harbour Gazette",
        ),
        (Role.PROVENANCE, "First published by the Eastern Review on 5 May 2020.", "Eastern Review"),
        (Role.PROVENANCE, "Source: Eastern Review", "Eastern Review"),
    ],
)
def test_the_outlet_is_read_from_its_line_or_from_the_provenance(role, line, outlet):
    assert metadata([Line(1, line, role)]).outlet == outlet
