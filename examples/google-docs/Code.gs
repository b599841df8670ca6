// A sidebar for Google Docs: the quotes of the document with their speakers, and the list of sources.
// Script properties: PULLQUOTE_SERVICE (the service's address) and PULLQUOTE_KEY (where it requires a key).

function onOpen() {
  DocumentApp.getUi().createMenu("Pullquote").addItem("Find quotes", "showSidebar").addToUi();
}

function onInstall() {
  onOpen();
}

function showSidebar() {
  DocumentApp.getUi().showSidebar(HtmlService.createHtmlOutputFromFile("Sidebar").setTitle("Quotes"));
}

// Return {quotes: [{text, speaker, kind, spans}], sources: [{name, description, count}]}. Throws an error in words.
function findQuotes() {
  const answer = post("/quotes", { text: textOf(paragraphs()), options: { offsets: "utf16" } });
  const speakers = new Map(answer.speakers.map((speaker) => [speaker.id, speaker]));
  return {
    quotes: answer.quotes.map((quote) => ({
      text: quote.contents.map((span) => span.text).join(" … "),
      speaker: quote.speaker && speakers.get(quote.speaker).name,
      negated: quote.negated,
      kind: quote.kind,
      spans: quote.contents,
    })),
    sources: answer.speakers.map(({ name, description, quotes }) => ({ name, description, count: quotes.length })),
    warnings: answer.warnings.map((warning) => warning.detail),
  };
}

// Select a quote in the document. Throws an error if the document has changed since the quotes were found.
function selectQuote(spans) {
  const all = paragraphs();
  const text = textOf(all);
  const document = DocumentApp.getActiveDocument();
  const range = document.newRange();
  for (const span of spans) {
    if (text.slice(span.start, span.end) !== span.text) throw new Error("The document has changed. Find the quotes again.");
    let begin = 0;
    for (const paragraph of all) {
      const length = paragraph.getText().length;
      const start = Math.max(span.start - begin, 0);
      const end = Math.min(span.end - begin, length);
      if (start < end) range.addElement(paragraph.editAsText(), start, end - 1); // the end is inclusive
      begin += length + 1;
    }
  }
  document.setSelection(range.build());
}

// Append the list of sources to the document.
function insertSources(sources) {
  const body = DocumentApp.getActiveDocument().getBody();
  body.appendParagraph("Sources").setHeading(DocumentApp.ParagraphHeading.HEADING2);
  for (const { name, description, count } of sources) {
    body.appendListItem(`${name}${description ? `, ${description}` : ""} (${count})`).setGlyphType(DocumentApp.GlyphType.BULLET);
  }
}

function paragraphs() {
  return DocumentApp.getActiveDocument().getBody().getParagraphs();
}

// The text that offsets count: the paragraphs, a line break between each two.
function textOf(all) {
  return all.map((paragraph) => paragraph.getText()).join("\n");
}

function post(path, request) {
  const properties = PropertiesService.getScriptProperties();
  const service = properties.getProperty("PULLQUOTE_SERVICE");
  if (!service) throw new Error("Set the script property PULLQUOTE_SERVICE to the address of your Pullquote service.");
  const key = properties.getProperty("PULLQUOTE_KEY");
  const response = UrlFetchApp.fetch(service.replace(/\/+$/, "") + path, {
    method: "post",
    contentType: "application/json",
    payload: JSON.stringify(request),
    headers: key ? { Authorization: `Bearer ${key}` } : {},
    muteHttpExceptions: true,
  });
  const body = response.getContentText();
  if (response.getResponseCode() === 200) return JSON.parse(body);
  let problem = {};
  try {
    problem = JSON.parse(body);
  } catch (error) {
    // not the service's
  }
  const faults = (problem.errors || []).map((fault) => fault.detail).join(" ");
  throw new Error(faults || problem.detail || `The service responded with HTTP status ${response.getResponseCode()}.`);
}
