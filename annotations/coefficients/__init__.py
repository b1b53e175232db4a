"""How far coders agree: the coefficients of the literature, each with its paper, and what
chance alone may have done to them.

`codes` and `alpha` compare answers to the same questions; `spans`, `unitizing` and `gamma` what
was marked in the same texts. `estimates` gives any of them for many articles with an interval, or
says why there is none.
"""
