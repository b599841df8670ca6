"""Closed classes that many rules read: tags, relations and function words."""

from typing import Final

# Universal part-of-speech tags
NOUNS: Final = frozenset({"NOUN", "PROPN"})
NOMINALS: Final = NOUNS | {"PRON"}
VERBS: Final = frozenset({"VERB", "AUX"})
IN_NOUN_PHRASE: Final = NOUNS | {"DET", "ADJ", "ADP", "NUM", "PART"}

# Penn Treebank tags
PRESENT: Final = frozenset({"VBP", "VBZ"})
FINITE: Final = PRESENT | {"VBD"}
FINITE_OR_MODAL: Final = FINITE | {"MD"}

# Universal dependency relations
OBJECTS: Final = frozenset({"obj", "iobj"})
PREMODIFIERS: Final = frozenset({"compound", "amod", "nummod"})

# Words, in lower case, and marks
FIRST_PERSON: Final = frozenset({"i", "we"})
SPEAKER_PRONOUNS: Final = frozenset({"he", "she", "they", "we", "i", "you", "who"})
RELATIVE_PRONOUNS: Final = frozenset({"who", "whom", "whose", "which", "that"})
JOINING: Final = frozenset({"and", "but"})
BEFORE_AUTHORS: Final = frozenset({"by", "from", "of"})
POSSESSIVE_ENDINGS: Final = frozenset({"'s", "’s", "'", "’"})
SENTENCE_ENDS: Final = frozenset(".!?…")
