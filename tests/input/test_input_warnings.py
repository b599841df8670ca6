"""Warnings to users about an article, and the detection of its language. Texts and names are invented."""

from typing import Final

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from service.input.input_warnings import SparseTable, SparseTransitions, find_warnings, load_detector, other_language
from service.input.paragraphs import read_article
from training.corpora.news import CORPORA

PLAIN: Final = (
    "The lower bridge will stay shut until spring, the town's engineer said on Monday.\n\n"
    "“We found cracks in two of the cables,” Marta Olin told reporters. “Nobody should drive over that.”\n\n"
    "Shop owners on the north bank are less patient, and sales have fallen by a third since the closure.\n"
)
FRENCH: Final = (
    "Le pont du bas restera fermé jusqu’au printemps, a déclaré lundi l’ingénieure de la ville.\n\n"
    "« Nous avons trouvé des fissures dans deux câbles », a expliqué Marta Olin aux journalistes."
)
OTHERS: Final = {
    "fr": FRENCH,
    "de": "„Wir haben Risse in zwei Seilen gefunden“, sagte Ingenieurin Marta Olin am Montag vor der Presse.",
    "es": "«Hemos encontrado grietas en dos cables», dijo el lunes la ingeniera Marta Olin a los periodistas.",
    "it": "«Abbiamo trovato crepe in due cavi», ha detto lunedì ai giornalisti l’ingegnera Marta Olin.",
    "pt": "“Encontrámos fissuras em dois cabos”, disse na segunda-feira a engenheira Marta Olin aos jornalistas.",
    "nl": "“We hebben scheuren gevonden in twee kabels”, zei ingenieur Marta Olin maandag tegen journalisten.",
    "pl": "„Znaleźliśmy pęknięcia w dwóch linach”, powiedziała w poniedziałek dziennikarzom inżynier Marta Olin.",
    "ru": "«Мы нашли трещины в двух тросах», — сказала журналистам в понедельник инженер Марта Олин.",
    "zh": "“我们在两根缆索上发现了裂缝，”工程师玛尔塔·奥林周一对记者说。她说大桥将关闭到春天。",
    "ja": "「二本のケーブルに亀裂が見つかりました」と技師のマルタ・オリンさんは月曜日に記者団に語った。",
    "ar": "قالت المهندسة مارتا أولين للصحفيين يوم الاثنين إن الجسر سيبقى مغلقا حتى الربيع",
    "tr": "Mühendis Marta Olin pazartesi günü gazetecilere “İki kabloda çatlak bulduk” dedi.",
}
TURNS: Final = "\n\n".join([
    "The engineer spoke to the Crier about the bridge, the money and the long winter that is to come.",
    "Crier: When will the bridge open?",
    "Marta Olin: In spring, if the weather lets us work.",
    "Crier: Who pays for the repair?",
    "Marta Olin: The county does, and we pay a tenth of it.",
])  # fmt: skip


def codes(text: str) -> list[str]:
    return [warning.code for warning in find_warnings(read_article(text))]


def detail(text: str) -> str:
    (warning,) = find_warnings(read_article(text))
    return warning.detail


def test_an_ordinary_article_has_no_warning() -> None:
    assert codes(PLAIN) == []


@pytest.mark.parametrize(("code", "text"), OTHERS.items(), ids=OTHERS)
def test_another_language_is_named(code: str, text: str) -> None:
    assert other_language(text) == code
    assert codes(text) == ["language"]


@pytest.mark.parametrize(
    "text",
    [
        "No comment.",
        "Oui.",
        "“Vive la France!” he said.",
        "Nguyễn Văn Thành, Trần Thị Hoa and Lê Quang Huy met Wojciech Szczęsny, said Grzegorz Brzęczyszczykiewicz.",
        "Schadenfreude is what Jürgen Großmann of Süddeutsche Zeitung called it in Gelsenkirchen, the club said.",
        "He said “c’est la vie” and left Champs-Élysées for Saint-Germain-en-Laye with Jean-François Lefèvre.",
        "12 34 56 78 90 | 11-22-33 | +47 222 33 444 | 2024-05-04T09:30 | 99.5% | 1,204 / 1,650 | #### | 5:1",
    ],
)
def test_english_with_foreign_names_and_short_texts_have_no_warning(text: str) -> None:
    assert other_language(text) is None


def test_foreign_quote_does_not_change_the_language() -> None:
    assert codes(PLAIN + "\n\n“Nous avons perdu un hiver entier à cause de ce pont,” she said in French.") == []


def test_the_language_is_named_in_words() -> None:
    assert "French (fr)" in detail(FRENCH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN.upper(), "100% of the letters are capitals"),
        (PLAIN.lower(), "no capital letters"),
    ],
)
def test_capitals_and_their_absence_are_warned_of(text: str, expected: str) -> None:
    assert codes(text) == ["capitals"]
    assert expected in detail(text)


@pytest.mark.parametrize("text", [TURNS, TURNS.replace("Crier:", "Q:").replace("Marta Olin:", "A:")])
def test_labelled_turns_are_warned_of(text: str) -> None:
    assert codes(text) == ["form"]
    assert "4 of 5 paragraphs" in detail(text)


def test_two_labels_do_not_make_a_transcript() -> None:
    assert codes(f"{PLAIN}\n\nUpdate: The county has agreed to pay.\n\nCorrection: It was a third, not a half.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN.replace("Marta", "M\ufffdrta"), "occurs once"),
        (PLAIN.replace("“", "\ufffd").replace("”", "\ufffd"), "occurs 4 times"),
        (PLAIN.encode().decode("windows-1252", "replace").replace("\ufffd", ""), "wrong encoding"),
        (PLAIN.replace("Olin", "Ã–lin"), "wrong encoding"),
    ],
)
def test_lost_and_garbled_characters_get_a_warning(text: str, expected: str) -> None:
    assert codes(text) == ["encoding"]
    assert expected in detail(text)


def test_accents_and_symbols_are_no_garbled_characters() -> None:
    assert codes(PLAIN.replace("Marta Olin", "Márta Ølin-Ångström") + "\n\nIt costs £4 or €5: 20° is ½ of 40°.") == []


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("Continue reading this article with a Crier subscription", "paywall"),
        ("Already a subscriber? Sign in", "paywall"),
        ("The county will decide in May. Its treasurer said that the money for the cables and", "middle of a sentence"),
        ("The county will decide in May. Its treasurer, who has been in office for a year,", "middle of a sentence"),
        ("The county will decide in May, and its treasurer said that the money…", "ellipsis"),
        ("The county will decide in May, and its treasurer said the mon... [+1204 chars]", "ellipsis"),
    ],
)
def test_truncated_article_gets_a_warning(end: str, expected: str) -> None:
    assert codes(f"{PLAIN}\n\n{end}") == ["truncated"]
    assert expected in detail(f"{PLAIN}\n\n{end}")


@pytest.mark.parametrize(
    "end",
    [
        "Continue reading below",
        "Why the lower bridge of the old town is always shut in winter",  # a link to another story
        "“We lost a winter.” — Marta Olin, engineer",
        "Additional reporting by Jo Marsh in Upton",
        "Pictures: Jo Marsh/The Crier",
        "She will report again in May",
    ],
)
def test_closing_lines_are_no_cut(end: str) -> None:
    assert codes(f"{PLAIN}\n\n{end}") == []


@pytest.mark.skipif(not (CORPORA / "everyday").is_dir(), reason="the corpora are not here")
def test_everyday_articles_have_no_warning_of_language_or_truncation() -> None:
    articles = sorted((CORPORA / "everyday").glob("*.txt"))
    assert len(articles) > 50
    warned = {path.stem: codes(path.read_text(encoding="utf-8")) for path in articles}
    assert [
        name for name, found in warned.items() if {"language", "truncated", "encoding", "capitals"} & {*found}
    ] == []
    assert len([name for name, found in warned.items() if "form" in found]) >= 8  # the set has a dozen such articles


@pytest.fixture(scope="module")
def original() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge stays shut until spring, the engineer said. “We found cracks,” she told reporters.",
        "Le pont restera fermé jusqu’au printemps, a déclaré lundi l’ingénieure de la ville.",
        "«Мы нашли трещины в двух тросах», — сказала журналистам инженер.",
        "“我们在两根缆索上发现了裂缝，”工程师周一对记者说。",
        "1,204 / 98.6% | \x00\x01\x7f",
        "",
    ],
)
def test_probabilities_are_exactly_those_of_the_library(original: LanguageIdentifier, text: str) -> None:
    assert load_detector().rank(text) == original.rank(text)


def test_sparse_moves_give_every_entry_of_the_table() -> None:
    moves = np.random.default_rng(7).integers(0, 6, 4 * 256, dtype=np.uint32)
    sparse = SparseTransitions(moves, np.array([2, 0, 1, 3, 1, 0]))
    assert [sparse[place] for place in range(len(moves))] == moves.tolist()


def test_sparse_table_gives_the_rows_of_the_table() -> None:
    table = np.random.default_rng(7).integers(-3, 0, (9, 5)).astype(np.float16)
    rows = np.array([8, 0, 3, 3])
    assert (SparseTable(table)[rows] == table[rows]).all()
    assert SparseTable(table)[rows].dtype == table.dtype
