"""Which proper names of an article are one: from name mentions to referents, before any pronoun is looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from service.extraction.mentions import Kind, Mention
from service.extraction.names import Fit, looks_like_acronym, suffix, tokens
from service.extraction.referents import Found, Key, Reading, Referent, Role
from service.extraction.wordlists import nations

_Index = dict[str, list[int]]


def name_all(reading: Reading) -> None:
    """Give every name mention of `reading` its referent, or the several that it may mean.

    Long names come first, wherever they stand, so that a headline's "Ortiz" is the story's "Maria Ortiz". Then each
    short name, in the text's order, means the one that fits, the last named of those that do.
    """
    names = [mention for mention in reading.mentions.values() if mention.form == "name" and mention.name]
    kinds = _kinds(names)
    by_word: _Index = defaultdict(list)
    by_key: dict[tuple[tuple[str, ...], str | None, Kind], int] = {}
    for mention in sorted(names, key=lambda one: (-len(tokens(one.name)), one.span)):
        kind = kinds[tokens(mention.name)]
        if len(tokens(mention.name)) > 1:
            key = (tokens(mention.name), suffix(mention.name), kind)
            if key not in by_key:
                by_key[key] = _long_name(reading, mention, kind, by_word)
            _settle(reading, mention, by_key[key], "full-name")
            _index_acronym(reading, mention, by_key[key], by_word)
    last: dict[int, Mention] = {}
    for mention in names:
        key2 = (mention.sentence, mention.head)
        if key2 not in reading.found:
            _short_name(reading, mention, kinds[tokens(mention.name)], by_word, last)
        found = reading.found.get(key2)
        if found is not None and found.referent is not None:
            last[found.referent] = mention


def _kinds(names: Iterable[Mention]) -> dict[tuple[str, ...], Kind]:
    """What each name names, by most of its mentions; what words tell counts as much as the recognizer's opinion."""
    votes: dict[tuple[str, ...], Counter[Kind]] = defaultdict(Counter)
    for mention in names:
        votes[tokens(mention.name)][mention.kind] += 1 if mention.kind != "unknown" else 0
    return {key: count.most_common(1)[0][0] if count else "unknown" for key, count in votes.items()}


def _candidates(reading: Reading, name: str, by_word: _Index) -> list[tuple[Fit, Referent]]:
    """The referents that share a word with `name` (or have it for their acronym) and fit it, in order of number."""
    words = tokens(name)
    country = nations().get(" ".join(words)) or nations().get(name.lower())
    keys = [*words, *([f"country {country}"] if (country and "." in name) or name.isupper() else [])]
    numbers = {number for word in keys for number in by_word.get(word, ())}
    found = []
    for number in sorted(numbers):
        referent = reading.referents[number]
        fit = max(referent.fits(name), Fit.FULL if number in by_word.get(f"acronym {''.join(words)}", ()) else Fit.NONE)
        if fit:
            found.append((fit, referent))
    found.extend(
        (Fit.FULL, reading.referents[number])
        for number in by_word.get(f"acronym {''.join(words)}", ())
        if number not in numbers
    )
    return found


def _agrees(mention: Mention, kind: Kind, referent: Referent) -> bool:
    """Whether `mention` may name `referent` as far as gender and kind tell."""
    if mention.gender and referent.gender and mention.gender != referent.gender:
        return False
    if mention.titles and kind == "person" and referent.kind in {"organization", "place"}:
        return False
    alike = {"person": {"person"}, "organization": {"organization", "place"}, "place": {"organization", "place"}}
    return "unknown" in {kind, referent.kind} or referent.kind in alike.get(kind, set())


def _long_name(reading: Reading, mention: Mention, kind: Kind, by_word: _Index) -> int:
    """The referent of a name of several words: an earlier one whose full name agrees, or a new one."""
    best = [
        (fit, referent)
        for fit, referent in _candidates(reading, mention.name, by_word)
        if (fit >= Fit.FULL or (fit == Fit.SURNAME and len(tokens(mention.name)) > 1))
        and _agrees(mention, kind, referent)
    ]
    if best:
        top = max(fit for fit, _ in best)
        referents = [referent for fit, referent in best if fit == top]
        if len(referents) == 1:
            return referents[0].number
    referent = reading.add(kind, mention.name, gender=mention.gender, named=True)
    words = tokens(mention.name)
    for word in dict.fromkeys(words):
        by_word[word].append(referent.number)
    if kind != "person":
        for letters in {
            "".join(word[0] for word in words),
            "".join(w[0] for w in words if len(w) > 3 or w not in _SMALL),
        }:
            if len(letters) > 1:
                by_word[f"acronym {letters}"].append(referent.number)
    return referent.number


_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to"})


def _index_acronym(reading: Reading, mention: Mention, number: int, by_word: _Index) -> None:
    """Take down the short form that stands in parentheses behind the name."""
    short = mention.acronym
    if short and looks_like_acronym(short) and reading.referents[number].kind != "person":
        letters = "".join(tokens(short))
        if letters[0] in {word[0] for word in tokens(mention.name)} and number not in by_word[f"acronym {letters}"]:
            by_word[f"acronym {letters}"].insert(0, number)
            _add_form(reading.referents[number], short)


def _short_name(reading: Reading, mention: Mention, kind: Kind, by_word: _Index, last: dict[int, Mention]) -> None:
    """Settle a name of one word: whose surname, acronym or short form it is; else a name of its own."""
    fitting = [
        (fit, referent)
        for fit, referent in _candidates(reading, mention.name, by_word)
        if _agrees(mention, kind, referent) or (fit == Fit.SURNAME and referent.kind == "person")
    ]
    fitting = [
        (fit, referent)
        for fit, referent in fitting
        if not (mention.gender and referent.gender and mention.gender != referent.gender)
    ]
    top = max((fit for fit, _ in fitting), default=Fit.NONE)
    best = [referent for fit, referent in fitting if fit == top]
    if top == Fit.INNER and len(best) > 1:
        best = []
    if not best:
        referent = reading.add(kind, mention.name, gender=mention.gender, named=True)
        for word in tokens(mention.name):
            by_word[word].append(referent.number)
        best = [referent]
    if len(best) > 1:
        best = _nearest(best, last)
    if len(best) > 1:
        reading.ambiguous[mention.sentence, mention.head] = tuple(referent.number for referent in best)
        return
    rule = {Fit.FULL: "acronym", Fit.SURNAME: "short-name", Fit.INNER: "given-name"}.get(top, "same-name")
    _settle(reading, mention, best[0].number, rule)


def _nearest(fitting: Sequence[Referent], last: dict[int, Mention]) -> list[Referent]:
    """The one of `fitting` that was named last; several where they were last named in one breath, or never yet."""
    named = [referent for referent in fitting if referent.number in last]
    if not named:
        return list(fitting)
    latest = max(last[referent.number].sentence for referent in named)
    together = [referent for referent in named if last[referent.number].sentence == latest]
    subjects = [referent for referent in together if last[referent.number].place == "subject"]
    return subjects if len(subjects) == 1 else together


def _settle(reading: Reading, mention: Mention, number: int, rule: str) -> None:
    """Take down that `mention` names the referent `number`, and what it tells of it."""
    referent = reading.referents[number]
    key: Key = (mention.sentence, mention.head)
    reading.found[key] = Found(number, "name", rule, mention.name)
    _add_form(referent, mention.name)
    referent.names.append(mention.span)
    if referent.kind == "unknown" and mention.kind != "unknown":
        referent.kind = mention.kind
    if referent.gender is None:
        referent.gender = mention.gender
    for title in mention.titles:
        referent.roles.append(Role(title, mention.narrowed))
    if mention.role and mention.role not in mention.titles:
        referent.roles.append(Role(mention.role, mention.narrowed))


def _add_form(referent: Referent, form: str) -> None:
    if form not in referent.forms:
        referent.forms.append(form)
