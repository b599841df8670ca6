"""Clustering of name mentions into referents, before any pronoun is resolved."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from service.extraction.noun_phrases import role_of
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.name_kinds import Kind
from service.extraction.speakers.names import Fit, acronyms, looks_like_acronym, misspelt, suffix, tokens
from service.extraction.speakers.referents import Coreference, Referent, ReferentIndex, ResolvedMention, Role
from service.extraction.wordlists import organization_words, person_words, word_list

_Index = dict[str, list[ReferentIndex]]
_Last = dict[ReferentIndex, Mention]
_GENERATION: Final = re.compile(r"\s(junior|jnr|jr|senior|snr|sr)\b")
_SPOUSES: Final = frozenset({"wife", "husband", "widow", "widower"})
_MAIN_PERSON_RATIO: Final = 4  # times more often than anyone with the same surname, to be the main person of the story
SHARED_SURNAME: Final = "shared-surname"
_MAX_RECENT_NAMES: Final = 300  # last named referents checked for misspellings; more than an article has
_MAX_TRIED_NAMES: Final = 50  # names sharing a word, most recent first; more than an article has


def name_all(coref: Coreference) -> None:
    """Resolve every name mention in `coref` to its referent, or to several candidates.

    Long names are resolved first, in the whole article, so that "Ortiz" in a headline refers to the "Maria Ortiz" of
    the body. Then each short name, in text order, refers to the last named referent that it fits.
    """
    names = [mention for mention in coref.mentions.values() if mention.form == "name"]
    kinds = _kinds(names)
    index: _Index = defaultdict(list)
    known: dict[tuple[tuple[str, ...], str | None], ReferentIndex] = {}
    for mention in sorted(names, key=lambda one: (-len(tokens(one.name)), one.span)):
        words = tokens(mention.name)
        if len(words) > 1:
            key = (words, suffix(mention.name))
            if key not in known:
                known[key] = _long_name(coref, mention, kinds[words], index)
            _record(coref, mention, known[key], "full-name")
            _index_acronym(coref, mention, known[key], index)
    last: _Last = {}
    times: Counter[ReferentIndex] = Counter()
    for mention in names:
        if (mention.sentence, mention.head) not in coref.resolutions:
            _short_name(coref, mention, kinds[tokens(mention.name)], index, last, times)
        found = coref.resolutions.get((mention.sentence, mention.head))
        if found is not None and found.referent is not None:
            last[found.referent] = mention
            times[found.referent] += 1
    for mention in names:
        _act_for(coref, mention)


def _kinds(names: Iterable[Mention]) -> dict[tuple[str, ...], Kind]:
    """Return the kind of each name, by majority over its mentions."""
    votes: dict[tuple[str, ...], Counter[Kind]] = defaultdict(Counter)
    for mention in names:
        votes[tokens(mention.name)][mention.kind] += mention.kind != "unknown"
    return {words: count.most_common(1)[0][0] for words, count in votes.items()}


def _candidates(coref: Coreference, mention: Mention, kind: Kind, index: _Index) -> list[tuple[Fit, Referent]]:
    """Return the referents that the name fits by its words, gender and kind."""
    words = tokens(mention.name)
    short_for = index.get(_acronym_key(words), []) if looks_like_acronym(mention.name) else []
    found = []
    for number in sorted(
        {number for word in words for number in index.get(word, ())[-_MAX_TRIED_NAMES:]}.union(short_for)
    ):
        referent = coref.referents[number]
        fit = Fit.FULL if number in short_for else referent.fits(mention.name)
        surname = fit == Fit.SURNAME and referent.kind == "person"  # recognizers often label surnames as places
        opposed = mention.gender and referent.gender and mention.gender != referent.gender
        firm = referent.kind == "organization" and not mention.titles and _is_short_form(words, referent, kind)
        town = kind == "place" and referent.kind == "organization" and fit < Fit.FULL  # Bergen is not its Police Board
        # A heading in capitals can be a product, VELHOUSE ALTO. Names in the text are also spelled normally.
        capitals = referent.name.isupper() and not mention.name.isupper()
        heading = capitals and referent.kind != "person" and fit < Fit.FULL
        allowed = firm or (not town and (surname or _alike(kind, referent.kind)))
        if fit and allowed and not opposed and not heading:
            found.append((fit, referent))
    return found


def _is_short_form(short: tuple[str, ...], referent: Referent, kind: Kind) -> bool:
    """Return whether the short name, whatever its entity label, is that of a company or club.

    Velhouse for Velhouse Media, Velhouse Foods or Velhouse Systems Inc., Rovers for Harbour Rovers; not Bergen for its
    Police Board. `kind` is that of the short name: a place is not called by a trade, Bergen Foods.
    """
    whole, known = tokens(referent.name), organization_words()
    rest = whole[len(short) :]
    trade = len(rest) == 1 and kind != "place" and rest[0] in word_list("names", "trades_of_companies")
    business = trade or set(rest) <= known.company_suffixes | {"media"} or rest[-1] in known.company_suffixes
    return (whole[: len(short)] == short and business) or (whole[-1:] == short and short[0] in known.clubs)


def _alike(kind: Kind, other: Kind) -> bool:
    return "unknown" in {kind, other} or (kind == "person") == (other == "person")


def _acronym_key(words: Iterable[str]) -> str:
    """Return the index key of an acronym, distinct from the keys of words."""
    return f"({''.join(words)})"


def _long_name(coref: Coreference, mention: Mention, kind: Kind, index: _Index) -> ReferentIndex:
    """Return the referent of a name of several words: an earlier one with a matching full name, or a new one."""
    fitting = [(fit, one) for fit, one in _candidates(coref, mention, kind, index) if fit >= Fit.SURNAME]
    top = max((fit for fit, _ in fitting), default=Fit.NONE)
    best = [one for fit, one in fitting if fit == top]
    if len(best) == 1:
        return best[0].number
    return _new(coref, mention, kind, index).number


def _new(coref: Coreference, mention: Mention, kind: Kind, index: _Index) -> Referent:
    referent = coref.add(kind, mention.name, gender=mention.gender, named=True, plural=kind == "group")
    relative = _relative(coref, mention)
    if relative is not None and len(tokens(mention.name)) > 1:
        referent.relative = True
        referent.gender = referent.gender or relative.gender
    words = tokens(mention.name)
    for word in dict.fromkeys(words):
        index[word].append(referent.number)
    if kind not in {"person", "place"}:
        for letters in sorted(acronyms(words)):
            index[_acronym_key(letters)].append(referent.number)
    return referent


def _index_acronym(coref: Coreference, mention: Mention, number: ReferentIndex, index: _Index) -> None:
    """Index the short form in parentheses after the name. It takes precedence over computed initials."""
    short = mention.acronym
    if short and looks_like_acronym(short) and coref.referents[number].kind != "person":
        letters = _acronym_key(tokens(short))
        if letters[1] in {word[0] for word in tokens(mention.name)}:
            index[letters] = [number]
            _add_form(coref.referents[number], short)


def _short_name(
    coref: Coreference,
    mention: Mention,
    kind: Kind,
    index: _Index,
    last: dict[ReferentIndex, Mention],
    times: Counter[ReferentIndex],
) -> None:
    """Resolve a one-word name by surname, acronym or short form, or else as a name of its own."""
    fitting = _candidates(coref, mention, kind, index)
    top = max((fit for fit, _ in fitting), default=Fit.NONE)
    best = [referent for fit, referent in fitting if fit == top]
    # "Lund" refers to Karen Lund rather than the Lund Foundation, whatever its entity label
    best = [referent for referent in best if referent.kind == "person"] or best
    later = [one for one in best if _is_named_later_as_relative(mention, one)]
    best = [one for one in best if one not in later]
    if not best and not later and kind in {"person", "unknown"}:
        lately = coref.referents[-_MAX_RECENT_NAMES:]
        best = [one for one in lately if one.kind == "person" and misspelt(mention.name, one.name)]
    if top == Fit.INNER and _is_relative_of_another(coref, mention, best):
        best = []
    if not best or (top == Fit.INNER and len(best) > 1):
        best = [_new(coref, mention, kind, index)]
        if best[0].kind == "person" and best[0].gender is None:  # Mia, 12: a name without a surname is a given name
            best[0].gender = person_words().given.get(mention.name.lower())
        _add_spouse_surname(coref, mention, best[0], index)
        _add_shared_surname(coref, mention, best[0], index)
    generation = _generation(coref, mention)
    if generation is not None:
        best = _of_generation(coref, generation, fitting)
        if len(best) != 1:
            coref.ambiguous[mention.sentence, mention.head] = tuple(one.number for one in best)
            return
    if len(best) > 1 and mention.titles:  # "Mayor Ortiz" is the Ortiz introduced as a mayor
        best = [one for one in best if {role.noun for role in one.roles}.intersection(mention.titles)] or best
    if len(best) > 1:
        best = [one for one in best if not one.surname or one.paired] or best
    namesakes = best
    if len(best) > 1:
        best = _nearest(best, last, times)
    if len(best) > 1:
        coref.ambiguous[mention.sentence, mention.head] = tuple(referent.number for referent in best)
        return
    rule = {Fit.FULL: "acronym", Fit.SURNAME: "short-name", Fit.INNER: "given-name"}.get(top, "same-name")
    if _can_be_another(coref, best[0], namesakes, last, times):
        _record(coref, mention, best[0].number, "shared-surname")
        return
    _record(coref, mention, best[0].number, rule)


def _can_be_another(
    coref: Coreference, meant: Referent, namesakes: Sequence[Referent], last: _Last, times: Counter[ReferentIndex]
) -> bool:
    """Return whether a surname can also mean somebody else who has been named: neither is the main person of the story,
    nor did the one who was named last just speak."""
    others = [one for one in namesakes if one.number != meant.number and one.number in last]
    if meant.kind != "person" or meant.number not in last or not any(one.kind == "person" for one in others):
        return False
    if all(times[meant.number] >= _MAIN_PERSON_RATIO * times[one.number] for one in others):
        return False
    key = (last[meant.number].sentence, last[meant.number].head)
    return key not in coref.sources or coref.resolutions[key].rule == SHARED_SURNAME


def _is_named_later_as_relative(mention: Mention, referent: Referent) -> bool:
    """Return whether the person is first named after the mention, as a relative: "his daughter *Ida Holm*"."""
    return referent.relative and mention.span < min(referent.names, default=mention.span)


def _generation(coref: Coreference, mention: Mention) -> str | None:
    """Return "younger" or "elder" if the phrase says so: "the younger Finch", "Finch senior"."""
    after = _GENERATION.match(coref.article.text, mention.span.end)
    words = {one.lower() for one in mention.modifiers} | ({after.group(1)} if after is not None else set())
    if words & word_list("speakers", "of_the_younger"):
        return "younger"
    return "elder" if words & word_list("speakers", "of_the_elder") else None


def _of_generation(coref: Coreference, generation: str, fitting: Sequence[tuple[Fit, Referent]]) -> list[Referent]:
    """Return those whom "the younger Lund" or "the elder Lund" can mean: the son rather than the father."""
    named = [referent for fit, referent in fitting if fit >= Fit.SURNAME and referent.kind == "person"]
    relatives = word_list("speakers", generation)
    known = {one.number for one in named}
    called = [one for one in coref.referents if one.named and len(tokens(one.name)) == 1 and one.number not in known]
    meant = [one for one in [*named, *called] if _apposed_roles(coref, one) & relatives]
    return meant or (named if len(named) > 1 else [])


def _apposed_roles(coref: Coreference, referent: Referent) -> set[str]:
    """Return the nouns with which the person's names stand in apposition: "his son, Peter Finch"."""
    found = set()
    for mention in coref.mentions.values():
        resolved = coref.resolutions.get((mention.sentence, mention.head))
        word = coref.parse.sentences[mention.sentence].words[mention.head]
        if resolved is not None and resolved.referent == referent.number and word.relation == "appos":
            found.add(role_of(coref.parse.sentences[mention.sentence].words[word.head]))
    return found


def _relative(coref: Coreference, mention: Mention) -> Mention | None:
    """Return the noun of kinship to which the name belongs: "Ortiz's *wife*, Ana"."""
    if mention.role in person_words().family and mention.owner is not None:
        return mention
    word = coref.parse.sentences[mention.sentence].words[mention.head]
    relative = coref.mentions.get((mention.sentence, word.head))
    near = word.relation in {"appos", "flat"} and relative is not None and relative.role in person_words().family
    return relative if near else None


def _is_relative_of_another(coref: Coreference, mention: Mention, fitting: Sequence[Referent]) -> bool:
    """Return whether the given name is that of a relative of somebody else: not Steve Mason in "Duffy's brother Steve",
    and not Tom Bell in "Bell's brother Tom"."""
    relative = _relative(coref, mention)
    owner = coref.mentions.get((mention.sentence, relative.owner)) if relative and relative.owner is not None else None
    surname = tokens(owner.name)[-1:] if owner is not None and owner.form == "name" else ()
    known = coref.resolutions.get((owner.sentence, owner.head)) if owner is not None else None
    if relative is None or known is None or known.referent is None or relative.role in _SPOUSES:
        return False
    if tokens(coref.referents[known.referent].name)[-1:] != surname:
        return False  # "Harry's son Archie": the surname is unknown
    others = [one for one in fitting if one.number != known.referent]
    return all(one.kind == "person" and tokens(one.name)[-1:] != surname for one in others)


def _add_spouse_surname(coref: Coreference, mention: Mention, referent: Referent, index: _Index) -> None:
    """Add the surname of a relative named only by the given name: "Ortiz's wife, Ana"."""
    relative = _relative(coref, mention)
    if relative is None:
        return
    owner = coref.mentions.get((mention.sentence, relative.owner)) if relative.owner is not None else None
    words = tokens(owner.name) if owner is not None and owner.form == "name" else ()
    named = [tokens(coref.referents[number].name) for number in index.get(words[-1], ())] if len(words) == 1 else []
    if any(len(whole) > 1 and whole[0] == words[0] for whole in named):
        return  # "Stephen's mother, Ida", of Stephen Roe
    if words and tokens(mention.name)[0] not in words:
        referent.surname = words[-1]
        referent.kind = "person"
        referent.gender = referent.gender or relative.gender
        index[words[-1]].append(referent.number)


def _add_shared_surname(coref: Coreference, mention: Mention, referent: Referent, index: _Index) -> bool:
    """Add the surname that two given names share: "brothers *Tom* and Dan Marsh".

    Returns whether there is one.
    """
    sentence = coref.parse.sentences[mention.sentence]
    for child in sentence.children(mention.head):
        other = coref.mentions.get((mention.sentence, child))
        joint = sentence.child(child, "cc")
        if other is None or other.form != "name" or joint != mention.head + 1 or child != mention.head + 2:
            continue
        words = tokens(other.name)
        if sentence.words[child].relation != "conj" or other.kind != "person" or other.titles or len(words) != 2:
            continue
        if mention.kind not in {"person", "unknown"} or mention.name.lower() not in person_words().given:
            continue
        referent.surname, referent.paired, referent.kind = words[-1], True, "person"
        index[words[-1]].append(referent.number)
        return True
    return False


def _nearest(fitting: Sequence[Referent], last: _Last, times: Counter[ReferentIndex]) -> list[Referent]:
    """Return the main person of the story among `fitting`, else the one named last.

    Returns several if they were last named together, or not yet: "Bill Sharpe sued his brother, Don Sharpe."
    """
    named = [referent for referent in fitting if referent.number in last]
    if not named:
        return list(fitting)
    often = sorted(named, key=lambda referent: -times[referent.number])
    if len(often) > 1 and times[often[0].number] >= _MAIN_PERSON_RATIO * times[often[1].number]:
        return often[:1]
    latest = max(last[referent.number].sentence for referent in named)
    together = [referent for referent in named if last[referent.number].sentence == latest]
    subjects = [referent for referent in together if last[referent.number].function == "subject"]
    affected = [referent for referent in together if last[referent.number].function == "object"]
    return subjects if len(subjects) == 1 and not affected else together


def _record(coref: Coreference, mention: Mention, number: ReferentIndex, rule: str) -> None:
    """Record that `mention` refers to referent `number`, and the facts it states about it."""
    referent = coref.referents[number]
    coref.resolutions[mention.sentence, mention.head] = ResolvedMention(number, "name", rule, mention.name)
    _add_form(referent, mention.name)
    referent.names.append(mention.span)
    if referent.kind == "unknown" and mention.kind != "unknown":
        referent.kind = mention.kind
    if referent.gender is None:
        referent.gender = mention.gender
    people = person_words()
    for title in mention.titles:
        if title in people.fields and title not in people.roles:
            continue  # "home" in "care home owner": the field of a role
        if title in word_list("speakers", "ranks_before_titles") and title != mention.titles[-1]:
            continue  # a chief superintendent is not a chief
        referent.add_role(Role(title, mention.modifiers))
    if mention.role and mention.role not in mention.titles:
        referent.add_role(Role(mention.role, mention.modifiers))


def _act_for(coref: Coreference, mention: Mention) -> None:
    """Record the organization or person that the one at `mention` acts for: "Velda chief Ana Ruiz"."""
    found = coref.resolutions.get((mention.sentence, mention.head))
    affiliation = (
        coref.resolutions.get((mention.sentence, mention.affiliation)) if mention.affiliation is not None else None
    )
    if found is None or found.referent is None or affiliation is None or affiliation.referent is None:
        return
    referent = coref.referents[found.referent]
    referent.roles = [
        role._replace(affiliation=affiliation.referent)
        if role.affiliation is None and role.modifiers == mention.modifiers
        else role
        for role in referent.roles
    ]


def _add_form(referent: Referent, form: str) -> None:
    if form not in referent.forms:
        referent.forms.append(form)
