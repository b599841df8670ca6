"""Render verification results as CSV (RFC 4180): one row per printed quote, for spreadsheets and data frames."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from service.output.csv_table import escape_formula

CHECK_COLUMNS: Final = (
    "article", "quote", "speaker", "verdict", "wording", "found_in", "attribution", "original", "start", "end",
    "said_by", "did_you_mean", "changes",
)  # fmt: skip


def checks_to_csv(document: Mapping[str, Any]) -> str:
    """Return a row of column names, then one row per check of a response of `POST /quotes/verify`.

    Every cell is quoted and every row ends in CR LF, as in the CSV of `POST /quotes`. Several names, spans or changes
    in a cell are separated by `; `.
    """
    table = io.StringIO()
    writer = csv.DictWriter(table, CHECK_COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    names = {speaker["id"]: speaker["name"] for speaker in document["speakers"]}
    for check in document["checks"]:
        row = {"article": document["article"]["id"], **_row(check, names)}
        writer.writerow({name: escape_formula(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return table.getvalue()


def _row(check: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, object]:
    originals = check["originals"]
    return {
        "quote": check["text"],
        "speaker": check["speaker"],
        "verdict": check["verdict"],
        "wording": check["wording"],
        "found_in": check["found_in"],
        "attribution": check["attribution"],
        "original": " … ".join(span["text"] for span in originals),
        "start": originals[0]["start"] if originals else None,
        "end": originals[-1]["end"] if originals else None,
        "said_by": "; ".join(names[speaker] for speaker in check["said_by"]),
        "did_you_mean": "; ".join(suggestion["name"] for suggestion in check["did_you_mean"]),
        "changes": "; ".join(map(_change, check["changes"])),
    }


def _change(change: Mapping[str, Any]) -> str:
    """Format a change: `changed: “a” → “the” (number)`."""
    original, printed = (f"“{side['text']}”" if side else "nothing" for side in (change["original"], change["printed"]))
    meaning = f" ({change['meaning']})" if change["meaning"] else ""
    return f"{change['kind']}: {original} → {printed}{meaning}"
