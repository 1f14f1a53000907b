"""Every run's values, so that tables are printed again without running anything.

A run is a record {problem, seed, fingerprint, values, ms}: the values without noise of the configurations tried, in the
order of completion, to six digits; milliseconds per ask and tell in blocks of ten. Runs in the making are lines of
build/bench/LABEL.MODE.jsonl, from which a run that was ended goes on; `bench pack` turns them into
traces/LABEL.MODE.json.xz, which are in the repository.
"""
import fcntl
import json
import lzma
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKED = HERE / "traces"
WORKING = HERE.parents[2] / "build/bench"
MODES = ["sequential", "asynchronous"]


def encode(header, records):
    """The text of a packed file: the header and one line a record, ordered."""
    ordered = sorted(records, key=lambda r: (r["problem"], r["seed"]))
    lines = [json.dumps(part, separators=(",", ":")) for part in [header, *ordered]]
    return "\n".join(lines) + "\n"


def decode(text):
    parts = [json.loads(line) for line in text.splitlines()]
    return parts[0], parts[1:]


def packed_file(label, mode):
    return PACKED / f"{label}.{mode}.json.xz"


def working_file(label, mode):
    return WORKING / f"{label}.{mode}.jsonl"


def read(label, mode, committed_only=False):
    """(header, records); a working record replaces the packed one of the same problem and seed."""
    header, records = {}, {}
    files = [packed_file(label, mode)] + ([] if committed_only else [working_file(label, mode)])
    for file in files:
        if not file.exists():
            continue
        found, rows = decode(lzma.open(file, "rt").read() if file.suffix == ".xz" else file.read_text())
        header = found
        records.update({(row["problem"], row["seed"]): row for row in rows})
    return header, list(records.values())


def labels(mode, committed_only=False):
    files = list(PACKED.glob(f"*.{mode}.json.xz"))
    if not committed_only:
        files += WORKING.glob(f"*.{mode}.jsonl")
    return sorted({file.name.split(f".{mode}.")[0] for file in files})


class Writer:
    """Appends records to a working file, header first; holds a lock on it, so that `pack` leaves it in place."""

    def __init__(self, label, mode, header):
        WORKING.mkdir(parents=True, exist_ok=True)
        self.file = open(working_file(label, mode), "a")
        fcntl.flock(self.file, fcntl.LOCK_SH)
        if self.file.tell() == 0:
            self.append(header)

    def append(self, record):
        self.file.write(json.dumps(record, separators=(",", ":")) + "\n")
        self.file.flush()


def pack(label, mode):
    """Puts what was run into the repository's file; returns it, or None where nothing was run."""
    working = working_file(label, mode)
    if not working.exists():
        return None
    header, records = read(label, mode)
    PACKED.mkdir(exist_ok=True)
    with lzma.open(packed_file(label, mode), "wt", preset=9) as file:
        file.write(encode(header, records))
    with open(working) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            working.unlink()
        except BlockingIOError:
            pass  # still being written: what is packed now is packed again later
    return packed_file(label, mode)
