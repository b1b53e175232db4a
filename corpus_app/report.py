"""What an import did, row by row."""

from dataclasses import dataclass, field

MOST_KEPT = 1_000  # refused rows, and remarks, that are told one by one; all are counted


@dataclass(frozen=True)
class Problem:
    """What is to be said of one row: its line number in the file, from 1, and the reason."""

    line: int
    reason: str

    def __post_init__(self):
        # A reason quotes the row, and half a surrogate pair could not be shown.
        shown = self.reason.encode("utf-8", "replace").decode()
        object.__setattr__(self, "reason", shown)

    def __str__(self):
        return f"line {self.line}: {self.reason}"


@dataclass
class Report:
    """How many rows were stored, how many were there already, and which were left out and why.

    `remarks` are about rows that were stored otherwise than they stood. Of these and of the
    problems the first are kept; `refused` and `remarked` count all.
    """

    stored: int = 0
    unchanged: int = 0
    refused: int = 0
    remarked: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Add a row that was left out."""
        self.refused += 1
        if len(self.problems) < MOST_KEPT:
            self.problems.append(Problem(line, reason))

    def remark(self, line: int, reason: str) -> None:
        """Add a row that was stored otherwise than it stood."""
        self.remarked += 1
        if len(self.remarks) < MOST_KEPT:
            self.remarks.append(Problem(line, reason))

    def __str__(self):
        return f"{self.stored} stored, {self.unchanged} there already, {self.refused} refused"
