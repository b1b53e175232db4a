"""The codebook, the work and the history at the desk."""

from annotations.admin import actors, codebook, history, suggestions, work  # noqa: F401
