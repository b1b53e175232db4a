"""The codebook, the work and the history at the desk."""

from annotations.admin import codebook, history, work  # noqa: F401
