"""Names that look like verbs are spelled as other names for the parser."""

import pytest

from service.extraction.forms.name_spelling import spelled_as_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The book was written by Edward Said.", "The book was written by Edward Saad."),
        ("The East was invented, according to Said.", "The East was invented, according to Saad."),
        ("“We will wait,” Said added. He left.", "“We will wait,” Saad added. He left."),
        ("Said said that it was late.", "Saad said that it was late."),
        ("Nobody met Qaboos bin Said in the palace.", "Nobody met Qaboos bin Saad in the palace."),
        ("Ships waited off Port Said for weeks.", "Ships waited off Port Saad for weeks."),
        ("The papers were in Said’s house.", "The papers were in Saad’s house."),
        ("Said's brother was shot.", "Saad's brother was shot."),
        ("He read Ann Said. Said worked there.", "He read Ann Saad. Saad worked there."),
        ("The minister, Hamid Said, told reporters.", "The minister, Hamid Saad, told reporters."),
    ],
)
def test_name_that_looks_like_a_verb_is_spelled_differently(text: str, expected: str) -> None:
    assert spelled_as_name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The road was shut, she said.",
        "The house became a museum. Said Dora Poynter, who grew up there: “It was cold.”",
        "“It is over,” Khalid Said. The crowd left.",
        "What the Mayor Just Said, and Why It Matters to Everyone in Town",
        "Mayor Said To Be Leaving",
        "“Go home.” Said the man at the door.",
        "“I cannot,” he Said. They left.",
        "The Said agreement ends in May.",
        "",
    ],
)
def test_verb_is_no_name(text: str) -> None:
    assert spelled_as_name(text) is None
