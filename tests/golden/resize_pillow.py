#!/usr/bin/env python3
"""Writes resize_pillow.json: what Pillow's antialiased bilinear filter makes of a computed picture.

Needs Pillow (12 or 13 give the same). Run in this folder: python3 resize_pillow.py
"""
import json

import PIL
from PIL import Image

SIZES = [  # source width and height, target width and height
    ((37, 23), (16, 16)),
    ((8, 5), (12, 12)),
    ((50, 31), (50, 9)),
    ((19, 40), (7, 40)),
    ((61, 47), (13, 29)),
    ((200, 3), (7, 7)),
    ((1, 1), (3, 2)),
]


def picture(width, height):
    """Steep enough that every rounding shows; the test computes the same."""
    pixels = bytes((x * 37 + y * 101 + c * 59 + x * y * 7 + x * x * 3) % 256
                   for y in range(height) for x in range(width) for c in range(3))
    return Image.frombytes("RGB", (width, height), pixels)


cases = []
for source, target in SIZES:
    resized = picture(*source).resize(target, Image.Resampling.BILINEAR)
    cases.append({"source": source, "target": target, "rgb": resized.tobytes().hex()})
with open("resize_pillow.json", "w") as out:
    json.dump({"pillow": PIL.__version__, "cases": cases}, out, indent=1)
    out.write("\n")
