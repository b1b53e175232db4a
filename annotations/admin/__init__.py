"""The codebook, the work and the history at the desk."""

from annotations.admin import (  # noqa: F401
    actors,
    codebook,
    history,
    operations,
    suggestions,
    work,
)
