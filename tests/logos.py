"""Logos: icons of an npm package sanitized into `site/assets/logos/`, and the monograms for the rest.

npm pack @lobehub/icons-static-svg@1.95.1 && tar xf lobehub-icons-static-svg-1.95.1.tgz
python -m tests.logos package
"""

from __future__ import annotations

import colorsys
import json
import re
import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, XMLParser, fromstring, tostring

ROOT = Path(__file__).parent.parent
FACTS = ROOT / "data/facts/organisations.toml"
LOGOS = ROOT / "site/assets/logos"
PACKAGE = ("@lobehub/icons-static-svg", "1.95.1")
"""Name and pinned version of the npm package."""
LARGEST = 20_000
"""Bytes of a logo; a larger icon is left out."""
LETTERS = string.digits + string.ascii_lowercase
SVG = "http://www.w3.org/2000/svg"
SIDE, MARGIN = 32, 4
"""Both in units of the drawing: of the square, and from its edge to the icon."""
BALANCED = 0.05**0.5 * 1.05**0.5 - 0.05
"""The luminance that has equal contrast to white and to black, 4.58:1."""

_SHAPES = frozenset(
    {"fill", "fill-rule", "clip-rule", "transform", "opacity", "fill-opacity", "clip-path", "mask"}
)
_GRADIENT = frozenset({"id", "gradientUnits", "gradientTransform"})
ALLOWED = {
    "svg": frozenset({"width", "height", "viewBox"}),
    "g": _SHAPES,
    "path": _SHAPES | {"d"},
    "rect": _SHAPES | {"x", "y", "width", "height", "rx"},
    "circle": _SHAPES | {"cx", "cy", "r"},
    "ellipse": _SHAPES | {"cx", "cy", "rx", "ry"},
    "text": frozenset({"x", "y", "fill", "font-family", "font-size", "font-weight", "text-anchor"}),
    "defs": frozenset[str](),
    "clipPath": frozenset({"id"}),
    "mask": frozenset({"id", "maskUnits", "mask-type", "x", "y", "width", "height"}),
    "linearGradient": _GRADIENT | {"x1", "y1", "x2", "y2"},
    "radialGradient": _GRADIENT | {"cx", "cy", "r", "fx", "fy"},
    "stop": frozenset({"offset", "stop-color", "stop-opacity"}),
}
"""Element → its attributes; everything else is left out."""
_HARMLESS = re.compile(
    r"(?:url\(#[\w-]+\)|[^:\\<>&;{}()@]|\b(?:translate|scale|rotate|matrix)\([\d\s.,e-]*\))*"
)
"""A value without a scheme, an escape or a function but the ones of geometry and of local references."""


class _Builder(TreeBuilder):
    def doctype(self, *_: object) -> NoReturn:
        """Refuse what could define entities."""
        raise ValueError("a document type has no place in a logo")


def parsed(text: bytes) -> Element:
    """Read an SVG; raises ValueError for a document type, ParseError for what is no XML."""
    return fromstring(text, XMLParser(target=_Builder()))  # noqa: S314 - no document type, so no entities


def clean(element: Element) -> Element | None:
    """Return a copy with the allowed elements and attributes alone, None for an element that is not."""
    name = _name(element)
    if name not in ALLOWED:
        return None
    given = {**element.attrib, **({"mask-type": "alpha"} if _alpha(element) else {})}
    kept = {key: value for key, value in given.items() if key in ALLOWED[name]}
    copy = Element(name, {key: value for key, value in kept.items() if _HARMLESS.fullmatch(value)})
    copy.text = element.text if name == "text" else None
    copy.extend(child for child in map(clean, element) if child is not None)
    return copy


def _name(element: Element) -> str:
    return element.tag.removeprefix(f"{{{SVG}}}")


def _alpha(element: Element) -> bool:
    """Tell whether a mask says in a style what an attribute can say."""
    return element.get("style") == "mask-type:alpha"


def drawable(source: Element) -> bool:
    """Tell whether cleaning leaves the picture as it is: a filter or a stroke could not be left out."""
    return all(_understood(each) for each in source.iter() if each is not source)


def _understood(element: Element) -> bool:
    name = _name(element)
    given = element.attrib.keys() - ({"style"} if _alpha(element) else set())
    return name == "title" or (name in ALLOWED and given <= ALLOWED[name])


def logo(source: Element) -> bytes:
    """Return an icon on a white square with round corners, legible on a light and on a dark page."""
    _, _, width, _ = map(float, source.attrib["viewBox"].split())
    scale = (SIDE - 2 * MARGIN) / width
    square = _square("#fff")
    shape = {name: value for name, value in source.items() if name in {"fill", "fill-rule"}}
    inner = SubElement(square, "g", shape, transform=f"translate({MARGIN} {MARGIN}) scale({scale:g})")
    inner.extend(child for child in map(clean, source) if child is not None)
    for each in square.iter():
        each.attrib.update({name: "#000" for name, value in each.items() if value == "currentColor"})
    return written(square)


def monogram(letter: str) -> bytes:
    """Return a letter or digit on a square of a quiet colour, legible on a light and on a dark page."""
    square = _square(_colour(LETTERS.index(letter) / len(LETTERS)))
    style = {"font-family": "system-ui,sans-serif", "font-size": "17", "font-weight": "600"}
    text = SubElement(square, "text", style, x="16", y="22", fill="#fff")
    text.attrib["text-anchor"] = "middle"
    text.text = letter.upper()
    return written(square)


def _square(fill: str) -> Element:
    side = str(SIDE)
    svg = Element("svg", {"width": "64", "height": "64", "viewBox": f"0 0 {side} {side}"})
    SubElement(svg, "rect", width=side, height=side, rx="7", fill=fill)
    return svg


def written(svg: Element) -> bytes:
    """Return the bytes of a drawing: the namespace once, attributes sorted, a newline at the end."""
    for each in svg.iter():
        each.attrib = dict(sorted(each.items()))
    svg.attrib = {"xmlns": SVG, **svg.attrib}
    return tostring(svg) + b"\n"


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _colour(hue: float) -> str:
    """Return a muted colour as far from white as from black, whatever the hue."""
    shades = (colorsys.hls_to_rgb(hue, lightness / 500, 0.3) for lightness in range(500))
    colours = ["#" + "".join(f"{round(255 * channel):02x}" for channel in shade) for shade in shades]
    return max((each for each in colours if luminance(each) <= BALANCED), key=luminance)


def wanted() -> list[str]:
    """Return the names of the icons that the facts ask for."""
    facts = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    return sorted({fact["logo"] for fact in facts["organisations"].values() if "logo" in fact})


def files(package: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every logo; raises SystemExit for what cannot be one."""
    found = json.loads((package / "package.json").read_bytes())
    if (found["name"], found["version"]) != PACKAGE:
        raise SystemExit(f"{package} is {found['name']} {found['version']}, not {' '.join(PACKAGE)}")
    for name in wanted():
        variants = (package / "icons" / f"{name}{colour}.svg" for colour in ("-color", ""))
        icons = (parsed(path.read_bytes()) for path in variants if path.exists())
        bodies = (logo(icon) for icon in icons if drawable(icon))
        body = next((each for each in bodies if len(each) <= LARGEST), None)
        if body is None:
            raise SystemExit(f"no icon {name} that is small and simple enough: leave it out of the facts")
        yield f"{name}.svg", body
    for letter in LETTERS:
        yield f"monogram-{letter}.svg", monogram(letter)


def main(package: Path) -> None:
    """Write every logo that the facts ask for, and remove every other."""
    made = dict(files(package))
    LOGOS.mkdir(parents=True, exist_ok=True)
    for old in set(LOGOS.iterdir()) - {LOGOS / name for name in made}:
        old.unlink()
    for name, body in made.items():
        (LOGOS / name).write_bytes(body)
    sys.stdout.write(f"{len(made)} files, {sum(map(len, made.values()))} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
