"""How the API is described."""

from drf_spectacular.openapi import AutoSchema


class Described(AutoSchema):
    """Shows beside every address what its docstring begins with."""

    def get_summary(self) -> str:
        return self.get_description().partition("\n")[0].rstrip(".")
