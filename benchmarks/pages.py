"""Figures go into the documentation by the command that measured them, between two marks, never by hand."""

from pathlib import Path


def write_between(page: Path, name: str, text: str) -> None:
    """Put `text` between `<!-- name:begin … -->` and `<!-- name:end -->` of `page`. Raises ValueError without them."""
    content = page.read_text(encoding="utf-8")
    begin = content.find(f"<!-- {name}:begin")
    start = content.find("-->\n", begin) + len("-->\n")
    end = content.find(f"<!-- {name}:end -->", start)
    if begin < 0 or end < 0:
        raise ValueError(f"{page} has no place for {name}: put <!-- {name}:begin --> and <!-- {name}:end --> there.")
    page.write_text(content[:start] + text.rstrip("\n") + "\n" + content[end:], encoding="utf-8")
