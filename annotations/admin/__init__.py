"""The codebook, the work and the history at the desk."""

from annotations.admin import actors, codebook, history, work  # noqa: F401
