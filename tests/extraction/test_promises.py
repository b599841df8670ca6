"""The promises of extraction hold for any parse: random trees over random sentences."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.extractor import extract
from service.extraction.report import Options, Report
from service.input.article import Article, Span
from service.input.paragraphs import read_article
from service.parsing.tree import ROOT, Entity, Parse, Sentence, Word

_FORMS = ["said", "told", "according", "to", "citing", "Ortiz", "Kim", "officials", "the", "that", "as", "but", "not",
          "it", "she", "who", "bridge", "U.S.", "statement", "claim", "closed", ",", ".", ":", "“", "”", '"', "‘", "’",
          "'", "``", "''", "(", ")", "—", "declined", "called", "on", "was", "by", "?", "KCNA", "😀"]  # fmt: skip
_DEPRELS = ["nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "ccomp", "xcomp", "advcl", "acl", "acl:relcl",
            "parataxis", "conj", "cc", "mark", "case", "fixed", "flat", "appos", "nmod", "nmod:poss", "compound",
            "compound:prt", "amod", "det", "advmod", "aux", "aux:pass", "cop", "punct", "dep", "discourse"]  # fmt: skip
_TAGS = ["NOUN", "PROPN", "PRON", "VERB", "AUX", "ADP", "SCONJ", "CCONJ", "PART", "DET", "ADJ", "ADV", "NUM"]


@st.composite
def parsed(draw: st.DrawFn) -> tuple[Article, Parse]:
    lines = draw(st.lists(st.lists(st.sampled_from(_FORMS), min_size=1, max_size=14), min_size=1, max_size=5))
    text = "\n\n".join(" ".join(line) for line in lines)
    sentences, entities, start = [], [], 0
    for line in lines:
        places = list(range(len(line)))
        order = draw(st.permutations(places))
        heads = {order[0]: ROOT} | {order[n]: order[draw(st.integers(0, n - 1))] for n in range(1, len(order))}
        words = []
        for place, form in enumerate(line):
            span = Span(start, start + len(form))
            start = span.end + 1
            upos = draw(st.sampled_from(_TAGS)) if form.isalnum() else "PUNCT"
            deprel = "root" if heads[place] == ROOT else draw(st.sampled_from(_DEPRELS))
            lemma = {"said": "say", "told": "tell", "citing": "cite", "called": "call"}.get(form, form)
            words.append(Word(span, form, lemma, upos, deprel, heads[place], xpos=draw(st.sampled_from(["VBD", "NN"]))))
            if upos == "PROPN" and draw(st.booleans()):
                entities.append(Entity(span, draw(st.sampled_from(["person", "organization", "place"]))))
        start += 1
        sentences.append(Sentence(tuple(words)))
    return read_article(text), Parse(tuple(sentences), tuple(entities))


def spans(report: Report) -> list[Span]:
    found: list[Span | None] = []
    for quote in report.quotes:
        found += [*quote.contents, *quote.marks, quote.mention, quote.addressee, quote.via, quote.sentence]
        found.append(quote.cue.span if quote.cue else None)
    for speaker in report.speakers:
        found += speaker.mentions
    return [span for span in found if span is not None]


@settings(max_examples=150)
@given(parsed(), st.booleans())
def test_promises_hold_for_reports_of_any_tree(pair: tuple[Article, Parse], unattributed: bool) -> None:
    article, parse = pair
    options = Options(unattributed=unattributed, explain=True)
    report = extract(article, parse, options)
    assert report == extract(article, parse, options)
    assert all(0 <= span.start < span.end <= len(article.text) for span in spans(report))
    assert [quote.contents[0] for quote in report.quotes] == sorted(quote.contents[0] for quote in report.quotes)
    for number, quote in enumerate(report.quotes):
        assert all(a.end <= b.start for a, b in zip(quote.contents, quote.contents[1:], strict=False))
        assert (quote.speaker is None) == (quote.resolution == "none") == (quote.unresolved is not None)
        counted = quote.speaker is not None and number in report.speakers[quote.speaker].quotes
        assert counted == (quote.speaker is not None and quote.repeats is None)
        assert 0 <= quote.confidence <= 1
        if quote.kind == "indirect":
            assert not quote.marks
        assert quote.explain


@given(parsed())
def test_filters_only_remove_quotes(pair: tuple[Article, Parse]) -> None:
    article, parse = pair
    everything = extract(article, parse, Options()).quotes
    direct = extract(article, parse, Options(kinds=("direct",))).quotes
    sure = extract(article, parse, Options(min_confidence=0.7)).quotes
    assert [q.contents for q in direct] == [q.contents for q in everything if q.kind == "direct"]
    assert [q.contents for q in sure] == [q.contents for q in everything if q.confidence >= 0.7]


def test_an_article_of_boilerplate_only_has_no_quotes() -> None:
    article = read_article("How Ray Lopez made 'The Quiet Hill'")
    assert article.paragraphs[0].section == "furniture"
    assert extract(article, Parse(), Options(unattributed=True)) == Report()
