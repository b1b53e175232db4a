"""γ: how far coders agree on where marks are and what they are, both at once.

Mathet, Widlöcher & Métivier (2015), The Unified and Holistic Method Gamma (γ) for Inter-Annotator
Agreement Measure and Alignment, Computational Linguistics 41. A unitary alignment holds at most
one mark of each coder; the best alignment puts every mark into one of them with the least
disorder; γ = 1 − its disorder / the disorder to be expected by chance.

    The disorder of a unitary alignment is the mean dissimilarity over its pairs of coders (see
    `unitary`); that of an alignment is their sum over the mean number of marks of a coder.
    Chance is what shuffled texts give: for each coder the marks of one drawn at random, moved
    by a random distance, what leaves the end coming in again at the start. Texts are shuffled
    until the mean is known to 2 % with a certainty of 95 %, in the paper's way: 30 of them at
    first, then as many more as their spread asks for.

Nothing counts as agreement that nobody marked. A longer text gives chance more room, but not
without limit: no more disorder is to be expected than that of marks that never meet.
The best alignment is exact, or it is said where it is not; so it is if the time was up.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from statistics import fmean, pstdev
from time import monotonic

from annotations.coefficients.spans import Continuum, Mark, Spans
from annotations.coefficients.tally import Incomputable, summed
from annotations.coefficients.unitary import TimeIsUpError, best_alignment, position, saving

SECONDS = 5.0

_PRECISION = 0.02
_SURE = 1.96  # standard deviations within which 95 % lie
_FIRST = 30  # shuffled texts before the number needed is known
_AGAIN = 3  # shuffled texts of each article at least, where there are many articles
_SCALE = 10**9  # of disorders, as whole numbers
_TRIES = 20


@dataclass(frozen=True)
class Gamma:
    """γ, and γcat of the categories alone; None where there is none.

    Not `finished` means that the time was up or a cluster had too many ways; `words` say it.
    """

    value: float | None
    category_value: float | None
    finished: bool
    words: str


def gamma(continuum: Continuum, *, seconds: float = SECONDS, seed: int = 1) -> Gamma:
    """γ and γcat of one text, in at most about so many seconds.

    γcat (Mathet 2017, The agreement measure γcat, a complement to γ focused on categorization
    of a continuum) compares the categories of aligned marks only, nearer ones more. Raises
    Incomputable if fewer than two coders read the text, or nobody marked anything.
    """
    tally = GammaTally([continuum], seconds=seconds, seed=seed)
    try:
        sums = summed(tally.rows())
    except TooLittleTimeError as error:
        return Gamma(None, None, False, str(error))
    _, _, apart, expected = sums
    category = 1 - apart / expected if expected else None
    return Gamma(tally.value(sums), category, not tally.words, tally.words)


class TooLittleTimeError(Incomputable):
    """Not even one text could be compared with chance."""


class GammaTally(Spans):
    """Rows: observed and expected disorder, and the same of the categories of aligned marks.

    Of several articles disorders are summed, each weighted by its marks. Articles are taken in
    random order, so that those compared when the time is up are a sample of all.
    """

    def __init__(
        self, continua: Iterable[Continuum], *, seconds: float = SECONDS, seed: int = 1
    ) -> None:
        super().__init__(continua)
        self.seconds, self.seed = seconds, seed

    def rows(self) -> list[list[int]]:
        self.check()
        deadline = monotonic() + self.seconds
        texts = [_Text(c, f"{self.seed} {nth}", deadline) for nth, c in enumerate(self.continua)]
        marked = [text for text in texts if len(text.coders) > 1 and any(text.coders)]
        random.Random(self.seed).shuffle(marked)  # noqa: S311 (nothing to guess here)
        late = False
        try:
            for text in marked:
                text.compare(max(_AGAIN, ceil(_FIRST / len(marked))))
            while _missing(marked):
                for text in marked:
                    text.shuffle()
        except TimeIsUpError:
            late = True
        done = [text for text in marked if text.compared]
        self.units, self.filled = sum(text.marks for text in done), len(done)
        cut = sum(text.cut for text in done)
        self.words = _words(self.seconds if late else None, len(done), len(marked), cut)
        if not done:
            raise TooLittleTimeError(self.words)
        return [text.row() for text in texts]

    def value(self, sums: Sequence[int]) -> float:
        observed, expected, *_ = sums
        if not expected:
            raise Incomputable("Chance alone leaves no disorder here, so there is no γ.")
        return 1 - observed / expected


class _Text:
    """One text: its best alignment, and those of shuffled texts like it."""

    def __init__(self, continuum: Continuum, seed: str, deadline: float):
        self.length, self.deadline = continuum.length, deadline
        self.coders = [sorted(marks) for marks in continuum.coders if marks is not None]
        self.marks = sum(map(len, self.coders))
        self.random = random.Random(seed)  # noqa: S311 (nothing to guess here)
        self.cut = 0  # alignments that may not be the best
        self.observed = (0.0, 0.0, 0.0)
        self.chances: list[tuple[float, float, float]] = []
        self.compared = False

    def compare(self, times: int) -> None:
        """The text itself, and so many shuffled ones. Raises TimeIsUpError."""
        self.observed = self._disorder(self.coders)
        for _ in range(times):
            self.shuffle()
            self.compared = True

    def shuffle(self) -> None:
        """One shuffled text more. Raises TimeIsUpError."""
        coders = shuffled(self.coders, self.length, self.random)
        disorder, apart, weight = self._disorder(coders)
        marks = sum(map(len, coders))
        self.chances.append((self.marks * disorder / marks, apart, weight))

    def chance(self) -> float:
        """The expected disorder, in marks of this text."""
        return fmean(disorder for disorder, *_ in self.chances)

    def row(self) -> list[int]:
        if not self.compared:
            return [0, 0, 0, 0]
        disorder, apart, weight = self.observed
        kinds = [far / heavy for _, far, heavy in self.chances if heavy]
        row = disorder, self.chance(), apart, weight * fmean(kinds) if kinds else 0.0
        return [round(number * _SCALE) for number in row]

    def _disorder(self, coders: Sequence[Sequence[Mark]]) -> tuple[float, float, float]:
        """The best alignment's disorder, and its categories' with the weight of that."""
        found, exact = best_alignment(coders, self.deadline)
        self.cut += not exact
        pairs = len(coders) * (len(coders) - 1) // 2
        saved = sum(saving(one, len(coders)) for one in found)
        apart = weight = 0.0
        for one in found:
            for (_, a), (_, b) in combinations(one, 2):
                heavy = max(0.0, 1 - position(a, b)) / (len(one) - 1)
                weight += heavy
                apart += heavy * (a[2] != b[2])
        return sum(map(len, coders)) - saved / pairs, apart, weight


def shuffled(
    coders: Sequence[Sequence[Mark]], length: int, draw: random.Random
) -> list[list[Mark]]:
    """A text by chance: for each coder the marks of one of them, moved around by random.

    No two are moved by nearly the same distance (half a mean mark), if there is room.
    """
    marks = [mark for own in coders for mark in own]
    apart = sum(end - start for start, end, _ in marks) / len(marks) / 2
    while True:
        moves: list[int] = []
        for _ in coders:
            tries = (draw.randrange(length) for _ in range(_TRIES))
            moves.append(
                next(
                    (to for to in tries if all(abs(to - other) >= apart for other in moves)),
                    draw.randrange(length),
                )
            )
        moved = [[_moved(mark, by, length) for mark in draw.choice(coders)] for by in moves]
        if any(moved):
            return moved


def _moved(mark: Mark, by: int, length: int) -> Mark:
    start = (mark[0] + by) % length
    return start, start + mark[1] - mark[0], mark[2]


def _missing(texts: Sequence[_Text]) -> bool:
    """Whether more shuffled texts are needed to know the expected disorder well enough."""
    rounds = [sum(one) for one in zip(*([c[0] for c in t.chances] for t in texts), strict=True)]
    return len(rounds) * (_PRECISION * fmean(rounds)) ** 2 < (_SURE * pstdev(rounds)) ** 2


def _words(seconds: float | None, done: int, texts: int, cut: int) -> str:
    """What a reader must know of the search; `seconds` only if they were up before the end."""
    said = []
    if seconds is not None and not done:
        said.append(f"There is no γ: after {seconds:g} s nothing was compared with chance yet.")
    elif seconds is not None and done < texts:
        said.append(
            f"γ stands on {done} of {texts} texts, drawn at random: its time of {seconds:g} s "
            "was up."
        )
    elif seconds is not None:
        said.append(
            f"γ is known less exactly than to 2 %: its time of {seconds:g} s was up before enough "
            "shuffled texts were compared."
        )
    if cut and done:
        said.append(
            f"In {cut} comparisons there were too many ways to align the marks; the best one found "
            "was taken."
        )
    return " ".join(said)
