"""Web pages and boilerplate for the tests of input.

h: headline or subheading. b: body. c: caption. f: furniture.
"""

from pathlib import Path
from typing import Final, NamedTuple

from service.input.article import Section

HARBOUR: Final = """
f Home > Region > North Coast
h Harbour wall will be rebuilt before winter, council says
f Published: 14 March 2024, 09:12 GMT
f By Tomasz Wilder
f Share on Facebook
f Share on X
f 3 min read
c Waves break over the damaged wall in Carrow on Sunday. (Photo: Lina Ostrov/North Coast Press)
b CARROW, North Coast (NCP) — The council voted late on Tuesday to rebuild the storm-damaged harbour wall.
b "No," he said.
b Engineers told the meeting that the foundations were sound, but that the parapet would have to be replaced.
f READ ALSO: Fishermen count the cost of a lost season
b “We cannot wait for another storm,” the harbour master, Ada Quill, said.
h What happens next
b Work is expected to begin in May and to last four months, according to the council's own timetable.
f Advertisement
b Ms Quill said she would publish the drawings by the end of the week.
f Additional reporting by Jens Park; editing by Mona Field
f Related articles
f - Ferry fares to rise for the third time in a year
f - Why the lighthouse keeper's daughter came home
f - Coastguard praises dog that swam half a mile
f Follow us on Instagram
f © 2024 North Coast Press. All rights reserved.
"""

BUDGET: Final = """
f Politics
h Minister: Spending plan leaves room for tax cuts
f Updated 7:45 PM EST, Tue January 9, 2024
f View
b LONDON -- The finance minister said on Monday that the spending plan would leave room for tax cuts next year.
b Opposition parties called the claim "fantasy".
b Q: Will there be an election before the summer?
b A: I have nothing to add to what I said last week.
f MORE: Five charts that explain the deficit
b The bank has not commented on the plan. Analysts at two brokers said they expected rates to hold.
b He declined to comment.
b Its chief economist said: "We will wait and see. The numbers are not there yet."
f Why Savers Keep Falling For The Same Old Tricks
b Inflation fell to 3.1 per cent in December, the statistics office reported.
f Lena Brook and Samir Tal contributed to this report.
f goodDay! (312)
f Most Read
f Pension age could rise to 70, think tank warns
f Rail strike called off hours before it was due to start
f Supermarket says sorry for egg price mistake
f 'I lost everything': how one saver was tricked
f Is it too late to fix your mortgage?
f Trending
f Actor quits long-running hospital drama after row
f Cat returns home after eleven years away. It was next door.
f Weather warning extended as rivers keep rising
"""

SUMMIT: Final = """
f (2nd LD) (ATTN: ADDS comments from spokesman in paras 4-6; CHANGES photo)
f By Han Ji-woo
b BUSAN, Nov. 3 (Daeyang) -- Leaders of the four nations agreed Friday to reopen the shipping lane, officials said.
b The lane has been closed since a collision in August.
b "We shook hands on it," a spokesman for the delegation told reporters.
c Delegates from four nations pose for a photo during their meeting in Busan on Nov. 3, 2023. (Daeyang/AP)
b The spokesman denied that money had been discussed, but did not rule out a fund for the families.
b A second round of talks will be held in the spring, the host country's foreign ministry said in a statement.
c This file photo shows the tanker Aldebaran leaving the port of Ulsan. (For Use Only in Korea) (Yonhap)
f jiwoo@daeyang.example
f (END)
"""

CLINIC: Final = """
h Rural clinic reopens after two years
h Nurses return to the valley, but the nearest doctor is still an hour away
f Share
f Tweet
f Pin
f 0 comments
f Advertisement
b The clinic in Low Marsh opened its doors on Monday for the first time since the flood, and a queue formed at once.
b 'It felt like Christmas,' said Odette Lamb, the head nurse.
b The health board said the building had been raised by a metre.
f SEE ALSO
f Midwife of the Year Tells All About Night Shifts
b Patients will need to book online, the board added, except in an emergency.
b For more than a year, people drove to the coast for a blood test, and some gave up.
f You might also like
f How To Keep Your Knees Young
f The Soup That Doctors Swear By
f Disclaimer: The views expressed in this article are those of the author and do not reflect the policy of this site.
f Subscribe to our newsletter and get the latest stories in your inbox
f Tags: health, rural, flood
"""

STADIUM: Final = """
f Sport | Football | Rugby | Tennis | Athletics
h Stadium Deal Collapses As Club Walks Away From Table
f Jamal Reed
f Staff Writer
f Date:2023-06-30 22:01:55
b The club walked away from talks over its new stadium on Friday night, leaving the city with a half-built stand.
b Mayor Petra Lind told a news conference that she had learned of the decision from the radio.
b “I was having my breakfast,” she said. “You can imagine.”
f ___
f Watch the full interview with the mayor here
b The club's owners said in a statement that costs had doubled.
c Image Source : CITY DESK
h The Money
b Nobody has said who will pay for the unfinished stand.
b - The city owns the land until 2031.
b - The club has paid 4 million of the 11 million it owes.
f Story continues below advertisement
b A spokeswoman for the builders said they were "reviewing the contract".
f This story was originally published by City Desk and is republished with permission.
f Click here to download our app
f 1,204 views
f Recommended
f Golfer finds wedding ring in bunker
f Teen sprinter runs under ten seconds with the wind behind her
f Coach sacked by text message speaks out
f Referee retires after forty years and one broken toe
"""

WEDDING: Final = """
f Lifestyle » Weddings » Real stories
h They met in a lift. Now they are married
b They met when the lift stopped between the ninth and tenth floors, and they had three hours to talk.
b “He offered me half of a very old sandwich,” the bride recalled.
b Guests were asked to take the stairs.
c Photo by Irma Vance
f Sign up for our free weekly newsletter
f Don't miss: The baker who never eats cake
b The groom, a piano tuner, said he had never believed in fate but had started to take the lift more often.
f Read more
f #weddings #love #lifts
f Got a story? Email us at hello@weekly.example
f Leave a comment
"""

SITES: Final = {
    "harbour": HARBOUR, "budget": BUDGET, "summit": SUMMIT, "clinic": CLINIC, "stadium": STADIUM, "wedding": WEDDING,
}  # fmt: skip
SECTIONS: Final = {"h": "headline", "b": "body", "c": "caption", "f": "furniture"}
PARAGRAPHS: Final = (
    "The council voted late on Tuesday to rebuild the storm-damaged harbour wall, officials said after a long debate.",
    "“We cannot wait for another storm,” the harbour master, Ada Quill, said. “The wall was patched for thirty years.”",
    "Engineers told the meeting that the foundations were sound, but that the parapet would have to be replaced.",
    "Work is expected to begin in May and to last four months, according to the council's own timetable.",
)
_BODY: Final = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)

NEWS: Final = f"""<!doctype html>
<html lang="en-GB"><head><title>Harbour wall will be rebuilt | North Coast Press</title>
<meta name="author" content="Tomasz Wilder">
<meta property="article:published_time" content="2024-03-14T09:12:00Z">
<script>var secret = "not an article";</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Harbour wall will be rebuilt</h1><p class="byline">By Tomasz Wilder</p>
<figure><img src="wall.jpg" alt=""><figcaption>Waves break over the wall in Carrow on Sunday.</figcaption></figure>
{_BODY}<h2>What happens next</h2><p>The drawings will be shown in the town hall by the end of the week.</p>
<p>Nobody objected.</p>
</article></main>
<aside><h3>Most read</h3><ul><li><a href="/1">Ferry fares to rise for the third time in a year</a></li></ul></aside>
<footer>© 2024 North Coast Press. All rights reserved.</footer></body></html>"""
TABLE: Final = Path(__file__).with_name("boilerplate_blocks.txt")
_SECTIONS: Final[dict[str, Section]] = {"h": "headline", "b": "body", "c": "caption", "f": "furniture"}
_HEADLINE: Final = "River cuts off the lower town"
_BEFORE: Final = "The river rose by two metres on Sunday night, and the lower town was cut off until the morning."
_AFTER: Final = "The fire brigade said nobody had been hurt, although forty people spent the night in a school."


def blocks_of(site: str) -> list[tuple[str, str]]:
    """Return the section and text of each block of a page, in order."""
    return [(SECTIONS[line[0]], line[2:]) for line in SITES[site].strip().splitlines()]


def page(body: str, head: str = "", lang: str = "en") -> str:
    """Return a page with the article about the harbour, with `body` after its second paragraph."""
    before, after = (
        "".join(f"<p>{each}</p>" for each in PARAGRAPHS[:2]),
        f"<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>",
    )
    return (
        f'<html lang="{lang}"><head><title>Harbour wall</title>{head}</head>'
        f"<body><article><h1>Harbour wall will be rebuilt</h1>{before}{body}{after}</article></body></html>"
    )


class Labelled(NamedTuple):
    """A labelled block: its position on the page, section, kind and text, and whether it is held out."""

    place: str
    section: Section
    category: str
    text: str
    held_out: bool

    def page(self) -> str:
        """Return a page that contains the block."""
        above, amid, below = (f"{self.text}\n\n" if self.place == place else "" for place in ("above", "amid", "below"))
        return f"{_HEADLINE}\n\n{above}{_BEFORE}\n\n{amid}{_AFTER}\n\n{below}"


def labelled() -> list[Labelled]:
    """Return the labelled blocks, in order."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = []
    for line in lines:
        split, place, letter, category, text = line.split("|", 4)
        found.append(Labelled(place, _SECTIONS[letter], category, text.replace("\\n", "\n"), split == "held"))
    return found
