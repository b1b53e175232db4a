"""The days that a text names."""

from datetime import date

import pytest

from annotations.dates import Dated, named

APPEARED = date(2024, 3, 16)  # a Saturday


def days(text, language="en", published_on=APPEARED):
    found = named(text, language=language, published_on=published_on)
    return [(text[start:end], day.isoformat()) for start, end, day in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Whole dates say their day themselves.
        ("Signed on 14 March 2024 in Alder.", [("14 March 2024", "2024-03-14")]),
        ("Signed on March 14th, 2024.", [("March 14th, 2024", "2024-03-14")]),
        ("Since 2023-11-03 it leaks.", [("2023-11-03", "2023-11-03")]),
        ("On 05/03/2024 it rained.", []),
        # Without a year: the nearest to the day on which it appeared.
        ("Since November 3 it leaks.", [("November 3", "2023-11-03")]),
        ("It starts on 1 June.", [("1 June", "2024-06-01")]),
        ("The 3rd of May is far.", [("3rd of May", "2024-05-03")]),
        ("A report by 31 October.", [("31 October", "2024-10-31")]),
        ("It leaked on 3 May last year.", [("3 May last year", "2023-05-03")]),
        ("On Dec. 30 they met.", [("Dec. 30", "2023-12-30")]),
        ("On 29 February it snowed.", [("29 February", "2024-02-29")]),
        ("On 30 February nothing happens.", []),
        # What looks like one and is none.
        ("In March 2024 nothing happened.", []),
        ("Of the five, 3 may come.", []),
        ("They march 5 miles.", []),
        ("In March 5,000 people came, in May 20% more.", []),
        ("At March 5:30 it began.", []),
        ("Section 12.3 May change.", []),
        # Weekdays: the day itself or the nearest before.
        ("They signed on Thursday.", [("Thursday", "2024-03-14")]),
        ("On Saturday it rained.", [("Saturday", "2024-03-16")]),
        ("Last Saturday it rained.", [("Saturday", "2024-03-09")]),
        ("They meet next Thursday.", [("Thursday", "2024-03-21")]),
        ("Every Thursday, on Fridays and on Good Friday.", []),
        ("The Sunday Times wrote so.", []),
        # The weekday beside a date belongs to it.
        ("On Thursday, 14 March, they signed.", [("14 March", "2024-03-14")]),
        ("On Sunday, March 17, 2024, they left.", [("March 17, 2024", "2024-03-17")]),
        ("On 14 March (Thursday) they left.", [("14 March", "2024-03-14")]),
        # Words.
        ("It rained yesterday and the day before yesterday.",
         [("yesterday", "2024-03-15"), ("the day before yesterday", "2024-03-14")]),
        ("Tomorrow it will not. Last night it did.",
         [("Tomorrow", "2024-03-17"), ("Last night", "2024-03-15")]),
        ("Europe today is not what it was.", []),
        ("", []),
    ],
)  # fmt: skip
def test_days_named_in_english(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Am Donnerstag, dem 14. März, und gestern.",
         [("14. März", "2024-03-14"), ("gestern", "2024-03-15")]),
        ("de", "Sie steht hier seit letzten Montag.", [("Montag", "2024-03-11")]),
        ("fr", "Signé hier, le 1er juin et jeudi dernier.",
         [("hier", "2024-03-15"), ("1er juin", "2024-06-01"), ("jeudi", "2024-03-14")]),
        ("es", "El 5 de marzo y ayer.", [("5 de marzo", "2024-03-05"), ("ayer", "2024-03-15")]),
        ("ru", "Подписано в четверг, 14 марта.", [("14 марта", "2024-03-14")]),
        ("ar", "وقع الاتفاق ١٤ مارس. أمس.", [("١٤ مارس", "2024-03-14"), ("أمس", "2024-03-15")]),
        ("zh-Hans", "他们3月14日签署，昨天离开。",
         [("3月14日", "2024-03-14"), ("昨天", "2024-03-15")]),
        ("zh", "星期四他们离开。", [("星期四", "2024-03-14")]),
        ("tlh", "On Thursday, 14 March 2024.", [("14 March 2024", "2024-03-14")]),
    ],
)  # fmt: skip
def test_days_named_in_other_languages(language, text, expected):
    assert days(text, language) == expected


def test_words_of_one_language_are_no_words_of_another():
    assert days("Er steht hier.", "de") == []


def test_without_a_day_of_publication_only_whole_dates_are_read():
    text = "On Thursday, 14 March, yesterday and 3 May 2024."
    assert days(text, published_on=None) == [("3 May 2024", "2024-05-03")]


def test_places_are_code_points():
    text = "👩‍👩‍👧 On 14 March they left."
    start = text.index("14")
    assert named(text, language="en", published_on=APPEARED) == [
        Dated(start, start + 8, date(2024, 3, 14))
    ]


def test_a_long_text_is_read_in_a_moment():
    text = "On Thursday the 14 ships of March 5,000 left; 3 may come by May. " * 15_000
    assert len(named(text, language="en", published_on=APPEARED)) == 15_000
