// The article as users bring it: typed, pasted, opened or dropped.
//
// `receive(article)` gets {body, type} to send, with `text` where it is known, and for rich text `plain`: the same as plain
// text, in case the HTML is not usable. `refuse({title, detail})` gets what cannot be sent, in words for editors.
import { $ } from "./dom.js";

const HTML = "text/html; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const BLOCK = "address|article|aside|blockquote|body|div|dl|figure|footer|h[1-6]|header|html|li|main|ol|p|section|table|ul";
const PAGE = /^\s*<(!doctype\s+html|html)\b/i;
const BEGINS_WITH_TAG = new RegExp(`^\\s*<(!--|(meta|head|a|b|em|i|span|strong|${BLOCK})\\b)[^>]*>`, "i");
const BLOCK_END = new RegExp(`</(${BLOCK})\\s*>|<br\\s*/?>[^]*<br\\s*/?>`, "i");
const PARAGRAPHS = /<p\b[^>]*>[^]*<\/p>[^]*<p\b[^>]*>[^]*<\/p>/i;
const ADDRESSES = /^\s*(https?:\/\/|www\.)\S+(\s+(https?:\/\/|www\.)\S+)*\s*$|^\s*[\w-]+(\.[\w-]+)+\/\S*\s*$/i;

const BY_NAME = {
  doc: "a Word document", docx: "a Word document", odt: "an OpenDocument file", pages: "a Pages document", pdf: "a PDF",
  rtf: "an RTF document", csv: "a table", tsv: "a table", json: "a data file", jsonl: "a data file", xls: "a spreadsheet", xlsx: "a spreadsheet", epub: "an e-book",
};
const BY_START = [["%PDF", "a PDF"], ["PK\u0003\u0004", "a document or an archive"], ["{\\rtf", "an RTF document"], ["\u00d0\u00cf\u0011\u00e0", "a Word document"]];

let pasted = null; // rich text in the box: {html, text}, used while the box still holds this text

export function takeInput(receive, refuse) {
  const typed = () => sendTyped($("text").value, receive, refuse);
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    typed();
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("ask").requestSubmit();
  });
  $("text").addEventListener("paste", (event) => {
    const box = $("text");
    const [file] = event.clipboardData.files;
    if (file && !event.clipboardData.getData("text/plain")) {
      event.preventDefault();
      return sendFile(file, receive, refuse);
    }
    const html = event.clipboardData.getData("text/html");
    const replaced = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    pasted = null;
    if (html && replaced) box.addEventListener("input", () => (pasted = { html, text: box.value }), { once: true });
  });
  $("example").addEventListener("click", () => {
    fill($("example-text").content.textContent);
    typed();
  });
  $("file").addEventListener("change", (event) => {
    if (event.target.files.length) sendFile(event.target.files[0], receive, refuse);
    event.target.value = ""; // so that the same file can be chosen again
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    $("ask").classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget || $("ask").classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("ask").classList.remove("dropping");
    const data = event.dataTransfer;
    if (data.files.length) return sendFile(data.files[0], receive, refuse);
    const [text, html] = [data.getData("text/plain"), data.getData("text/html")];
    if (!text) return;
    fill(text);
    if (html) pasted = { html, text: $("text").value };
    typed();
  });
}

function fill(text) {
  pasted = null;
  $("text").value = text;
}

function sendTyped(value, receive, refuse) {
  const text = value.replace(/^\uFEFF/, ""); // at the start of a body it would be read as a byte order mark
  if (!text.trim()) {
    return refuse({ title: "No article to read", detail: "The box is empty. Paste the article’s text, or open a text or HTML file." });
  }
  if (ADDRESSES.test(text)) {
    const detail = "The service does not open web addresses. Open the page in your browser, select the article, copy it, and paste it here.";
    return refuse({ title: "This is the address of a page, not an article", detail });
  }
  const plain = { body: text, type: TEXT, text };
  if (isHtml(text)) receive({ body: text, type: HTML });
  else if (pasted?.text === value) receive({ body: pasted.html, type: HTML, plain });
  else receive(plain);
}

// Whether a text is HTML: a page, a fragment that begins with a tag and has blocks, or text with several paragraph elements.
export function isHtml(text) {
  return PAGE.test(text) || (BEGINS_WITH_TAG.test(text) && BLOCK_END.test(text)) || PARAGRAPHS.test(text);
}

const DECLARED = /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i; // within its first 1,024 bytes, as browsers look for it

// The text of HTML that is sent as text or as a file, decoded as the service decodes it: by the byte order mark, else as the
// page says, else as UTF-8, or as Windows-1252 where it is not that.
export async function htmlOf(body) {
  if (typeof body === "string") return body;
  const bytes = new Uint8Array(await body.arrayBuffer());
  const mark = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  if (mark) return new TextDecoder(mark).decode(bytes);
  const declared = DECLARED.exec(new TextDecoder("windows-1252").decode(bytes.slice(0, 1024)))?.[1];
  const marked = bytes.slice(0, 3).join() === "239,187,191";
  for (const [label, fatal] of [[marked ? "utf-8" : declared, false], ["utf-8", true]]) {
    try {
      if (label) return new TextDecoder(label, { fatal }).decode(bytes);
    } catch {
      // not a label, or not UTF-8
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

async function sendFile(file, receive, refuse) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kind = unreadable(file, bytes);
  if (kind) {
    const detail = "This page reads text and HTML files. Open the file in its own program, copy the article, and paste it here.";
    return refuse({ title: `“${file.name}” is ${kind}`, detail });
  }
  if (!bytes.length) return refuse({ title: `“${file.name}” is empty`, detail: "Open a file that has the article in it." });
  if (/\.x?html?$/i.test(file.name) || /html/.test(file.type)) return receive({ body: file, type: "text/html" });
  const encoding = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()] ?? "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return receive({ body: file, type: "text/plain" }); // the service names the invalid byte
  }
  fill(text);
  sendTyped($("text").value, receive, refuse); // with the line breaks that the box makes of them
}

// What a file is that is neither text nor HTML, by its name, its first bytes or its type; undefined for others.
function unreadable(file, bytes) {
  const named = BY_NAME[/\.(\w+)$/.exec(file.name)?.[1].toLowerCase()];
  const start = String.fromCharCode(...bytes.slice(0, 5));
  const recognized = BY_START.find(([magic]) => start.startsWith(magic));
  if (named || recognized) return named ?? recognized[1];
  const medium = /^(image|audio|video)\//.exec(file.type)?.[1];
  return medium && `${/^[aeiou]/.test(medium) ? "an" : "a"} ${medium} file`;
}
