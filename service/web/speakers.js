// The speakers: the buttons that choose them, and the list of quotes by speaker.
import { $, element } from "./dom.js";
import { colour, confidentQuotes, shownQuotes, speakerName, speakerNumber, speakerOf, state } from "./state.js";

// List the speakers of the response; `onChoose(chosen)` is called with whether the speaker is now chosen.
export function listSpeakers(onChoose) {
  $("speakers").replaceChildren(...speakerIds().map((id) => element("li", {}, speakerButton(id, onChoose))));
}

function speakerIds() {
  const ids = state.report.speakers.map((speaker) => speaker.id);
  return state.report.quotes.some((quote) => quote.speaker === null) ? [...ids, null] : ids;
}

function speakerButton(id, onChoose) {
  const one = element(
    "button",
    { type: "button", ariaPressed: "false" },
    element("span", { className: `badge ${colour(id)}`, ariaHidden: "true" }, speakerNumber(id)),
    element("span", { className: "name" }, speakerName(id), element("small", {}, speakerOf(id)?.description ?? "")),
    element("span", { className: "count" }),
  );
  one.speaker = id;
  one.addEventListener("click", () => {
    const chosen = !state.chosen.delete(id);
    if (chosen) state.chosen.add(id);
    onChoose(chosen ? id : undefined);
  });
  return one;
}

// Update each speaker's number of quotes above the minimum confidence, and who is chosen. Speakers without any are hidden.
export function countSpeakers() {
  for (const button of $("speakers").querySelectorAll("button")) {
    const count = confidentQuotes().filter((quote) => quote.speaker === button.speaker).length;
    button.querySelector(".count").replaceChildren(String(count), element("span", { className: "unseen" }, count === 1 ? " quote" : " quotes"));
    button.ariaPressed = String(state.chosen.has(button.speaker));
    button.parentElement.hidden = !count && !state.chosen.has(button.speaker);
  }
  $("everyone").disabled = !state.chosen.size;
}

// Draw the quotes that are shown, grouped by speaker. `onOpen(quote)` is called to show one in the article.
export function drawBySpeaker(onOpen) {
  const quotes = shownQuotes();
  const groups = speakerIds().map((id) => [id, quotes.filter((quote) => quote.speaker === id)]);
  $("groups").replaceChildren(...groups.filter(([, said]) => said.length).map(([id, said]) => group(id, said, onOpen)));
}

function group(id, quotes, onOpen) {
  const heading = element("h3", {}, element("span", { className: `badge ${colour(id)}`, ariaHidden: "true" }, speakerNumber(id)), ` ${speakerName(id)}`);
  const description = speakerOf(id)?.description;
  if (description) heading.append(element("small", {}, ` ${description}`));
  return element("section", {}, heading, element("ul", {}, ...quotes.map((quote) => item(quote, onOpen))));
}

function item(quote, onOpen) {
  const words = element("mark", { className: `${quote.kind} ${colour(quote.speaker)}` }, quote.contents.map((span) => span.text).join(" … "));
  const note = `${quote.negated ? "reported as not said, " : ""}${quote.kind}, confidence ${quote.confidence.toFixed(2)}`;
  const open = element("button", { type: "button", className: "link" }, "Show in the article");
  open.addEventListener("click", () => onOpen(quote));
  return element("li", {}, words, " ", element("small", {}, note), " ", open);
}
