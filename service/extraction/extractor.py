"""The whole method, a call a step: repairs of trees, marks, cues, sources, contents, links, speakers, confidence."""

from service.article.article import Article
from service.deadline import NO_DEADLINE, Deadline
from service.extraction.answer import answer
from service.extraction.attributions import attributions_of
from service.extraction.links import link
from service.extraction.page import lay_out
from service.extraction.report import READ_FROM, Options, Report
from service.extraction.speakers import resolve
from service.extraction.tree_repairs import repaired
from service.parsing.tree import Parse


def extract(article: Article, parse: Parse, options: Options, deadline: Deadline = NO_DEADLINE) -> Report:
    """Return who said what in `article`, as `parse` shows it; every span of the report is verbatim.

    Raises `OutOfTime` soon after the deadline.
    """
    parse = repaired(parse, deadline)
    page = lay_out(article, parse)
    least = min(options.min_confidence, READ_FROM)
    attributions = link(page, *attributions_of(page, least, deadline, options.statements), options)
    cast = resolve(article, parse, attributions, deadline)
    return answer(page, attributions, cast, options)
