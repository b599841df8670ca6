"""The token pattern, following UD English conventions as in EWT and GUM.

Tokens end at white space; "don't" and "Obama's" are one token of two words. Hyphens and slashes between words are
tokens, except after a prefix ("non-profit", "e-mail"); numbers keep their commas, colons and slashes; a currency sign
or a unit next to a number is a token.
"""

import re
from functools import cache
from typing import Final

from service.article.characters import COMBINING, SOFT_HYPHEN

_LETTER: Final = r"[^\W\d_]"
_INNER: Final = rf"[\w{COMBINING}{SOFT_HYPHEN}]"
_PREFIXES: Final = (
    "non|anti|pro|pre|post|mid|co|re|cross|multi|ex|sub|counter|semi|mini|inter|intra|neo|over|socio|psycho|arch|micro|"
    "ultra|mega|e|trans|geo|bi|quasi|pseudo|super"
)
_CAPITAL_PREFIXES: Final = "|".join(map(str.capitalize, _PREFIXES.split("|")))
_DOMAINS: Final = (
    "com|org|net|gov|edu|mil|info|io|tv|me|us|uk|ca|au|nz|ie|de|fr|eu|ru|cn|in|co|doc|docx|xls|xlsx|pdf|txt|jpg|png|"
    "gif|html|htm|zip|exe|ppt|url"
)
_UNITS: Final = (
    "am|pm|a\\.m|p\\.m|k|m|mn|bn|tn|mm|cm|km|kg|mg|g|ft|lb|lbs|oz|mph|kph|mi|hr|hrs|min|sec|yr|yrs|GB|MB|TB|GHz|MHz|kW|"
    "MW|MWh|C|F|p"
)
_ELIDED: Final = r"em|til|till|tis|twas|cause|bout|cuz|n|s|d|ll|re|ve|m|t|\d\ds?"

_ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s\"<>]*[^\s\"<>.,;:!?)'\]]"
    r"|(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
    rf"|(?<![\w@.-])[\w-]+(?:\.[\w-]+)*\.(?i:{_DOMAINS})(?:/[^\s\"<>]*[\w/])?(?![\w-]|\.\w)"
)
_DOTTED: Final = (
    r"(?:(?:Ph|Ed|Sc|Ll)\.D\.?|(?<!\w)"
    rf"(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?![\w'{COMBINING}]))?|(?<!\w){_LETTER}\.{_LETTER}(?![\w'.{COMBINING}]))"
)
_NUMBER: Final = (
    r"(?:1-)?(?:\d{3}-)?\d{3}-\d{4}(?![\w-])"
    r"|\d{1,4}-\d{1,2}-\d{1,4}(?![\w-])"
    r"|(?:\+|(?<![\w'])\.)?\d+(?:,\d{3}(?!\d)|[.:/]\d+)*(?:"
    rf"(?:st|nd|rd|th|ST|ND|RD|TH|s)(?!\w)|(?=(?:{_UNITS}|{_UNITS.upper()})(?!\w))|{_INNER}*)"
)
_AMPERSAND: Final = r"(?<![\w&])[A-Za-z]{1,3}&[A-Za-z]{1,3}(?![\w&])"
_WORD: Final = rf"(?:(?:{_PREFIXES}|{_CAPITAL_PREFIXES})-(?={_LETTER}))?{_INNER}+(?:'(?={_LETTER}){_INNER}+)*"
_MARKS: Final = r"--+|__+|==+|\*\*+|~~+|\+\++|\#\#+|''|<<|>>"
_FACES: Final = r"(?<!\S)(?:[:;=][-^o']?[)(\]\[DPpOo/\\|*3]+|<3|\^_\^)(?!\w)"


@cache
def token_pattern() -> re.Pattern[str]:
    """Return the compiled token pattern. A match's last group is `mark` or `dotted` if a sentence can end with it,
    `stop` if it includes a directly following full stop, `plural` if it includes an apostrophe after an s; else
    None."""
    return re.compile(
        rf"(?:{_ADDRESS}|{_FACES})"
        rf"|(?P<dotted>{_DOTTED})"
        r"|(?<!\w)(?:US|[A-Z])\$"
        rf"|(?:[#@](?={_LETTER})\w+|(?:{_NUMBER}|{_AMPERSAND})(?:'s(?!\w))?|(?<!\w)'(?:{_ELIDED})(?!\w)|{_WORD})"
        rf"(?:(?P<plural>(?<=[sS])'(?![\w']))|(?P<stop>\.(?![.\w])))?"
        rf"|(?P<mark>\.{{2,}}|…\.?|[!?][!?.]*|[.:;])"
        rf"|{_MARKS}|[^\s][{COMBINING}]*"
    )
