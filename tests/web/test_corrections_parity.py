"""The page applies corrections as the service does: random ones, to random reports, by both."""

import json
import random
import shutil
import subprocess
from typing import Any, Final

import pytest

from service.extraction.corrections import corrected, text_hash
from service.extraction.report import Change, Correction, Corrections, Cue, Options, Quote, QuoteKind, Report, Speaker
from service.input.article import Article, Span
from service.input.paragraphs import read_article
from service.output.rendering import render
from service.parsing.parser import ModelInfo
from tests.conftest import ROOT
from tests.waiting import PATIENCE

MODULE: Final = ROOT / "service" / "web" / "corrections.js"
TEXT: Final = "🌉 " + " ".join(
    f"“Words {number},” said ‘X{number}’ of N{number}. More “of {number}” it is." for number in range(12)
)
ARTICLE: Final = read_article(TEXT)
NAMES: Final = ("Ann", "Bo", "Cy", "Di", "Ed")
CASES: Final = 400
_PROGRAM: Final = f"""
import {{ corrected, fromDocument, toDocument }} from {json.dumps(MODULE.as_uri())};
let input = "";
for await (const part of process.stdin) input += part;
const out = JSON.parse(input).map(([text, report, document]) => {{
  const corrections = fromDocument(JSON.stringify(document), text, report.article.sha256);
  const result = corrected(report, corrections);
  return [result, toDocument(text, result, corrections, result.quotes)];
}});
console.log(JSON.stringify(out));
"""


def spans(chance: random.Random) -> tuple[Span, ...]:
    ends = sorted(chance.sample(range(len(TEXT)), chance.choice((2, 2, 4))))
    return tuple(Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True))


def a_report(chance: random.Random) -> Report:
    contents = sorted({spans(chance) for _ in range(chance.randint(0, 8))})
    speakers = NAMES[: chance.randint(1, 3)]
    quotes: list[Quote] = []
    for number, one in enumerate(contents):
        speaker = chance.choice((None, *range(len(speakers))))
        continues = chance.choice((None, None, *range(number)))
        repeats = chance.choice((None, None, None, *range(number)))
        if continues is not None:
            speaker = quotes[continues].speaker
        if repeats is not None and quotes[repeats].repeats is None:
            speaker = quotes[repeats].speaker
        else:
            repeats = None
        quotes.append(
            Quote(
                kind=chance.choice(("direct", "mixed", "indirect")),
                contents=one,
                sentence=one[0],
                paragraph=0,
                section="body",
                cue=Cue(one[0], "say", "say") if chance.random() < 0.5 else None,
                mention=one[0] if chance.random() < 0.5 else None,
                speaker=speaker,
                resolution="none" if speaker is None else "name",
                unresolved="nobody is named" if speaker is None else None,
                unresolved_code="no-source" if speaker is None else None,
                speaker_confidence=None if speaker is None else 0.5,
                confidence=0.5,
                continues=continues,
                repeats=repeats,
                form=chance.choice(("prose", "turn")),
                within=chance.choice((None, *range(number))),
            )
        )
    return numbered(quotes, speakers)


def numbered(quotes: list[Quote], names: tuple[str, ...]) -> Report:
    """A valid report: speakers in order of first quote, with their quotes."""
    base = tuple(
        Speaker(
            name,
            "person" if name == "Ann" else "unknown",
            "mayor" if name == "Bo" else None,
            mentions=tuple(sorted({q.mention for q in quotes if q.speaker == index and q.mention})),
        )
        for index, name in enumerate(names)
    )
    return corrected(ARTICLE, Report(tuple(quotes), base), Corrections(text_hash(ARTICLE)), Options(min_confidence=0))


def a_correction(chance: random.Random, report: Report) -> Correction:
    known = [quote.contents for quote in report.quotes]
    contents = chance.choice(known) if known and chance.random() < 0.6 else spans(chance)
    if chance.random() < 0.2 and contents[-1].end - contents[-1].start > 2:
        contents = (*contents[:-1], Span(contents[-1].start, contents[-1].end - 1))
    texts = tuple(TEXT[start:end] for start, end in contents)
    change: Change = chance.choice(("speaker", "speaker", "rename", "drop", "add"))
    if change == "rename":
        return Correction("rename", speaker=chance.choice(NAMES), to=chance.choice(NAMES))
    if change == "drop":
        return Correction("drop", contents, texts)
    kind: QuoteKind = chance.choice(("direct", "mixed", "indirect"))
    return Correction(change, contents, texts, kind, chance.choice((None, *NAMES)))


def document(corrections: Corrections) -> dict[str, Any]:
    def one(correction: Correction) -> dict[str, Any]:
        if correction.change == "rename":
            return {"change": "rename", "speaker": correction.speaker, "to": correction.to}
        pairs = zip(correction.quote, correction.texts, strict=True)
        quote = [{"start": start, "end": end, "text": text} for (start, end), text in pairs]
        if correction.change == "drop":
            return {"change": "drop", "quote": quote}
        return {
            "change": correction.change, "quote": quote, "kind": correction.kind, "speaker": correction.speaker,
        }  # fmt: skip

    return {
        "version": 1,
        "article": {"sha256": corrections.sha256},
        "corrections": [one(correction) for correction in corrections.changes],
    }


def rendered(article: Article, report: Report) -> Any:
    """The response in UTF-16, as the page has it."""
    options = Options(offsets="utf16", explain=True)
    return render(article, report, options, ModelInfo("fake", "1"))


def comparable(report: Any) -> Any:
    """What the page shows: not the sentence, paragraph and section, which an added quote has in the service only."""
    hidden = {"sentence", "paragraph", "section", "decisions", "candidates"}
    quotes = [{name: value for name, value in quote.items() if name not in hidden} for quote in report["quotes"]]
    return quotes, report["speakers"]


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on the PATH")
def test_the_page_applies_corrections_as_the_service_does() -> None:
    sent, expected = [], []
    for seed in range(CASES):
        chance = random.Random(seed)
        report = a_report(chance)
        changes = tuple(a_correction(chance, report) for _ in range(chance.randint(1, 6)))
        corrections = Corrections(text_hash(ARTICLE), changes)
        sent.append((TEXT, rendered(ARTICLE, report), document(corrections)))
        options = Options(min_confidence=0, explain=True)
        expected.append((rendered(ARTICLE, corrected(ARTICLE, report, corrections, options)), document(corrections)))
    command = ["node", "--input-type=module", "--eval", _PROGRAM]
    run = subprocess.run(command, input=json.dumps(sent), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    for seed, ((ours, saved), (theirs, kept)) in enumerate(zip(json.loads(run.stdout), expected, strict=True)):
        assert comparable(ours) == comparable(theirs), seed
        assert saved["corrections"] == kept["corrections"], seed
        for quote in saved["quotes"]:
            for span in quote["contents"]:
                assert TEXT[span["start"] : span["end"]] == span["text"]
