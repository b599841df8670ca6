"""The block for WordPress: its PHP with stand-ins for WordPress' functions, its script in Node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import ROOT
from tests.doubles import LOST, TOLD
from tests.waiting import PATIENCE
from tests.web.browsing import answered

PLUGIN: Final = ROOT / "examples" / "wordpress" / "pullquote-sources"
PHP: Final = shutil.which("php")
needs_php = pytest.mark.skipif(PHP is None, reason="no php on the PATH; apt-get install php-cli")
SOURCES: Final = [
    {
        "name": "Ann <Cole>",
        "description": "mayor",
        "quotes": [{"kind": "direct", "texts": ["“We lost a winter,”", "“Never again.”"]}],
    }
]


def php(step: str, **given: Any) -> Any:
    """The result of a step of wordpress.php."""
    command = [str(PHP), str(ROOT / "tests" / "examples" / "wordpress.php"), step]
    run = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    return json.loads(run.stdout)


def marked(html: str, sources: Any = SOURCES) -> str:
    result: str = php("mark", html=html, attributes={"sources": sources})
    return result


@needs_php
@pytest.mark.parametrize("file", sorted(PLUGIN.glob("*.php")), ids=lambda file: file.name)
def test_php_has_no_syntax_errors(file: Path) -> None:
    assert subprocess.run([str(PHP), "-l", file], capture_output=True, check=False).returncode == 0


@needs_php
def test_the_block_and_its_route_are_registered_for_editors() -> None:
    block, route, methods, may, content = php("registered", editor=False)
    assert (block, route, methods, may) == ("pullquote-sources", "pullquote/v1/quotes", "POST", False)
    assert content == ["pullquote_mark_content", 9]
    assert json.loads((PLUGIN / "block.json").read_text(encoding="utf-8"))["editorScript"] == "file:./editor.js"


@needs_php
def test_service_is_called_and_its_sources_are_kept() -> None:
    report = answered(f"{TOLD}\n\n{LOST}")
    result = php("find", html=f"<p>{TOLD}</p>", response={"status": 200, "body": report})
    address, headers, request = result["asked"]
    assert (address, headers["Authorization"]) == ("http://pullquote.example/quotes", "Bearer secret")
    assert f"<article><p>{TOLD}</p></article>" in request["html"]
    (source,) = result["found"]["sources"]
    assert (source["name"], source["description"]) == ("Ruth Alder", "Mayor")
    assert [quote["texts"] for quote in source["quotes"]] == [
        ["that the bridge will reopen in May"],
        ["“We lost a winter,”"],
    ]


@needs_php
def test_a_refusal_is_returned_in_words() -> None:
    problem = {"detail": "See errors.", "errors": [{"pointer": "/html", "detail": "has no article."}]}
    found = php("find", html="", response={"status": 422, "body": json.dumps(problem)})["found"]
    assert (found["message"], found["data"]["status"]) == ("has no article.", 502)


@needs_php
def test_quotes_are_marked_and_tags_stay() -> None:
    html = "<p>“We lost a <em>winter</em>,” she&nbsp;said.\n“Never\n  again.”</p><!-- “Never again.” --><p>Nothing.</p>"
    result = marked(html)
    assert result == (
        '<p><mark class="pullquote" title="Ann &lt;Cole&gt;">“We lost a </mark><em>'
        '<mark class="pullquote" title="Ann &lt;Cole&gt;">winter</mark></em>'
        '<mark class="pullquote" title="Ann &lt;Cole&gt;">,”</mark> she&nbsp;said.\n'
        '<mark class="pullquote" title="Ann &lt;Cole&gt;">“Never\n  again.”</mark></p>'
        "<!-- “Never again.” --><p>Nothing.</p>"
    )


@needs_php
@pytest.mark.parametrize(
    ("html", "marks"),
    [
        ("<p>&#8220;We lost a&#160;winter,&#8221; she said.</p>", 1),
        ("<p>“We lost a winter,”</p><script>var a = '“Never again.”';</script>", 1),
        ("<p>“We lost a <br>winter,” 5 < 6</p>", 2),
        ("<p>Other words.</p>", 0),
        ("", 0),
    ],
)
def test_entities_scripts_and_breaks_are_read_as_a_browser_does(html: str, marks: int) -> None:
    assert marked(html).count("<mark") == marks


@needs_php
def test_marks_can_be_turned_off() -> None:
    html = "<p>“We lost a winter,”</p>"
    assert php("mark", html=html, attributes={"sources": SOURCES, "mark": False}) == html


@needs_php
def test_sources_are_listed_with_their_text_escaped() -> None:
    listed = php("render", attributes={"sources": SOURCES})
    assert "<b>Ann &lt;Cole&gt;</b>, mayor" in listed
    assert php("render", attributes={"sources": []}) == ""


_EDITOR: Final = """
const registered = {}, changes = [], calls = [];
let state = { busy: false, problem: null };
const el = (type, props, ...children) =>
  typeof type === "function" ? type(props) : { type, props: props ?? {}, children: children.flat().filter(Boolean) };
const getBlocks = () => [
  { name: "core/paragraph", html: globalThis.html },
  { name: "pullquote/sources", html: "own" },
];
globalThis.window = { wp: {
  apiFetch: async (request) => {
    calls.push(request);
    if (request.data.html.includes("broken")) throw new Error("No response.");
    return { sources: [{ name: "Ann", description: null, quotes: [{ texts: ["“No.”"] }] }] };
  },
  blocks: {
    registerBlockType: (name, block) => (registered[name] = block),
    serialize: (blocks) => blocks.map(({ html }) => `<!-- wp:x -->${html}`).join(""),
  },
  blockEditor: { useBlockProps: () => ({}) },
  components: { Button: "Button", Notice: "Notice", TextControl: "TextControl", ToggleControl: "ToggleControl" },
  data: { select: () => ({ getBlocks }) },
  element: { createElement: el, useState: () => [state, (next) => (state = next)] },
} };
const all = (node, type) => [
  ...(node.type === type ? [node] : []),
  ...(node.children ?? []).flatMap((one) => all(one, type)),
];
const setAttributes = (change) => changes.push(change);
const edit = (attributes) => registered["pullquote/sources"].edit({ attributes, setAttributes });
"""
_STEPS: Final = """
globalThis.html = "<p>Text.</p>";
const sources = [
  { name: "Ann", description: "mayor", quotes: [{ texts: ["“No.”"] }] },
  { name: "Bo", description: null, quotes: [] },
];
await all(edit({ sources: [], mark: true }), "Button").at(-1).props.onClick();
all(edit({ sources, mark: true }), "TextControl")[0].props.onChange("Ann Cole");
all(edit({ sources, mark: true }), "Button")[1].props.onClick();
all(edit({ sources, mark: true }), "ToggleControl")[0].props.onChange(false);
globalThis.html = "broken";
await all(edit({ sources: [], mark: true }), "Button").at(-1).props.onClick();
const notice = all(edit({ sources: [], mark: true }), "Notice")[0].children[0];
console.log(JSON.stringify({ calls, changes, notice, saved: registered["pullquote/sources"].save() }));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on the PATH")
def test_the_editor_finds_renames_and_removes_sources() -> None:
    script = _EDITOR + (PLUGIN / "editor.js").read_text(encoding="utf-8") + _STEPS
    command = ["node", "--input-type=module", "--eval", script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["calls"][0] == {"path": "/pullquote/v1/quotes", "method": "POST", "data": {"html": "<p>Text.</p>"}}
    found, renamed, removed, unmarked = result["changes"]
    assert found["sources"][0]["name"] == "Ann"
    assert [source["name"] for source in renamed["sources"]] == ["Ann Cole", "Bo"]
    assert [source["name"] for source in removed["sources"]] == ["Ann"]
    assert (unmarked, result["notice"], result["saved"]) == ({"mark": False}, "No response.", None)
