"""Makes the two fonts of the page from the packages that carry them: run it by hand when they change.

    npm ci && pip install fonttools brotli && python web/fonts/subset.py

What the page never shows costs every visitor bytes: code ligatures, hints, weights it does not use.
"""

import io
import os

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

here = os.path.dirname(os.path.abspath(__file__))
packages = os.path.join(here, "../../node_modules/@fontsource-variable")
for name, weights, features in [
    ("jetbrains-mono", (400, 700), ["ccmp"]),
    ("instrument-sans", (400, 600), ["kern", "liga", "tnum", "ccmp"]),
]:
    font = TTFont(f"{packages}/{name}/files/{name}-latin-wght-normal.woff2")
    # Combining marks: what is typed here is composed.
    characters = set(font.getBestCmap()) - set(range(0x300, 0x330))
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 256, 257, 258, 259, 260]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = None
    plain = io.BytesIO()
    font.save(plain)
    plain.seek(0)
    font = instancer.instantiateVariableFont(TTFont(plain), {"wght": weights})
    font.flavor = "woff2"
    font.save(os.path.join(here, f"{name}.woff2"))
    print(name, os.path.getsize(os.path.join(here, f"{name}.woff2")))
