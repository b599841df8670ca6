import pytest

from service.input.paragraphs import lead_end, read_article

LEADS = [
    "Media caption ",
    "Image caption, ",
    "BREAKING ",
    "BREAKING NEWS ",
    "Breaking: ",
    "Video: ",
    "WATCH: ",
    "10:15 a.m. ",
    "09:15 GMT ",
    "10.30am: ",
    "14:05 — ",
]
NO_LEADS = [
    "Breaking the bank is not the plan.",
    "Live music is back.",
    "10:15 trains were late.",
    "UPDATE your browser.",
    "Video evidence was shown.",
    "Media captions are short.",
]


@pytest.mark.parametrize("lead", LEADS)
def test_a_page_label_ends_where_the_sentence_begins(lead: str) -> None:
    assert lead_end(lead + "Officials said the fire was out.") == len(lead)


@pytest.mark.parametrize("text", NO_LEADS)
def test_a_sentence_that_begins_like_a_label_is_left_alone(text: str) -> None:
    assert lead_end(text) == 0


def test_a_label_is_furniture_and_its_sentence_is_not() -> None:
    article = read_article("Video: Nora Lund told the station the dam was safe")
    assert [(paragraph.section, article.slice(paragraph.span)) for paragraph in article.paragraphs] == [
        ("furniture", "Video:"),
        ("body", "Nora Lund told the station the dam was safe"),
    ]


def test_a_label_of_another_story_makes_its_line_furniture() -> None:
    article = read_article("The storm broke three boats.\n\nVideo: How the boats broke")
    assert [paragraph.section for paragraph in article.paragraphs] == ["body", "furniture"]
