"""How good suggestions are, from what was accepted and rejected."""

Z = 1.96  # of a normal distribution, 95 in 100 lie within so many deviations


def interval(accepted: int, judged: int) -> tuple[float, float]:
    """The bounds between which the true share lies in 95 of 100 cases (Wilson's score)."""
    if not judged:
        return 0.0, 1.0
    share, spread = accepted / judged, Z * Z / judged
    middle = (share + spread / 2) / (1 + spread)
    half = Z * (share * (1 - share) / judged + spread / judged / 4) ** 0.5 / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
