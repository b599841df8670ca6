"""Verification results as CSV: one row per quote, with formulas escaped."""

import csv
import io

from flask.testing import FlaskClient

from service.output.csv_table import CHECK_COLUMNS
from tests.api.contract_client import document
from tests.doubles import ARTICLE


def table(client: FlaskClient, *quotes: dict[str, str]) -> list[dict[str, str]]:
    request = {"id": "=a", "text": ARTICLE, "quotes": [*quotes]}
    answer = client.post("/quotes/verify", json=request, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8; header=present")
    assert answer.text.count("\r\n") == 1 + len(quotes)
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_each_printed_quote_is_a_row_in_the_order_they_were_sent(client: FlaskClient) -> None:
    right, wrong, gone = table(
        client,
        {"text": "We lost a winter", "speaker": "Ruth Alder"},
        {"text": "We lost the winter", "speaker": "Ruth Aldar"},
        {"text": "+1 to that, nobody ever thought so"},
    )
    assert tuple(right) == CHECK_COLUMNS
    assert (right["article"], right["verdict"], right["changes"]) == ("'=a", "verbatim", "")
    assert (right["original"], right["said_by"]) == ("We lost a winter", "Ruth Alder")
    assert ARTICLE[int(right["start"]) : int(right["end"])] == "We lost a winter"
    assert (wrong["verdict"], wrong["did_you_mean"]) == ("speaker-differs", "Ruth Alder")
    assert wrong["changes"] == "changed: “a” → “the”"
    assert (gone["quote"], gone["verdict"]) == ("'+1 to that, nobody ever thought so", "not-found")
    assert {gone[name] for name in ("original", "start", "end", "said_by", "did_you_mean")} == {""}


def test_the_contract_names_the_columns() -> None:
    content = document()["paths"]["/quotes/verify"]["post"]["responses"]["200"]["content"]["text/csv"]
    assert all(f"`{column}`" in content["schema"]["description"] for column in CHECK_COLUMNS)
