"""The tables that the README shows between two marks, printed from the stored traces alone."""
from pathlib import Path

import table
import traces

FILE = Path(__file__).resolve().parents[3] / "README.md"
BEGIN = "<!-- bench: begin, written by tests/benchmarks/peers/bench readme -->"
END = "<!-- bench: end -->"


def tables():
    lines = []
    for mode in traces.MODES:
        lines += table.section(mode, "validate", committed_only=True)
    return lines + table.header(["", "version"]) + table.versions()


def replaced(text):
    """README's text with what stands between the marks printed anew."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md lacks the marks {BEGIN} and {END}")
    return before + BEGIN + "\n\n" + "\n".join(tables()) + "\n\n" + END + after
