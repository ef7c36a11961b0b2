"""A horizontal bar chart as SVG, with a logarithmic scale: no library for one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

COLOURS = {"own": "#1a6e54", "peer": "#8a93a3", "limit": "#d9c9a3"}
LABEL, WIDTH, VALUE, ROW, TOP = 250, 420, 70, 24, 40


def bar_chart(rows: Sequence[tuple[str, float]], kinds: Sequence[str], *, title: str) -> str:
    """One bar a row, labelled with name and value, coloured by its kind (own, peer or limit)."""
    least = 10 ** math.floor(math.log10(min(value for _, value in rows)))
    decades = max(1, math.ceil(math.log10(max(value for _, value in rows) / least)))

    def x(value: float) -> float:
        return LABEL + WIDTH * math.log10(value / least) / decades

    height = TOP + ROW * len(rows) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LABEL + WIDTH + VALUE} {height}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{escape(title)}">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="8" y="20" font-size="14" fill="#222">{escape(title)}</text>',
    ]
    for decade in range(decades + 1):
        at = x(least * 10**decade)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 6}" y2="{height - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.1f}" y="{height - 6}" text-anchor="middle" fill="#666">{least * 10**decade:g}</text>')
    for place, ((name, value), kind) in enumerate(zip(rows, kinds, strict=True)):
        y = TOP + ROW * place
        parts += [
            f'<text x="{LABEL - 8}" y="{y + 14}" text-anchor="end" fill="#222">{escape(name)}</text>',
            f'<rect x="{LABEL}" y="{y + 2}" width="{max(1.0, x(value) - LABEL):.1f}" height="{ROW - 8}" fill="{COLOURS[kind]}"/>',
            f'<text x="{max(LABEL + 1.0, x(value)) + 6:.1f}" y="{y + 14}" fill="#222">{value:.3g}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
