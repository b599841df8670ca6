// The rules' names in words. tests/web/test_rules.py checks that each rule of the extraction has an entry.
//
// An entry is the sentence for a rule, in which {} stands for what the rule saw, or a function of what it saw.

const WORDS = {
  cue: "“{}” reports what somebody says.",
  source: "“{}” is grammatically the one who says it.",
  content: "The sentence’s structure shows which words are reported.",
  "quoted-stretch": "The words are in quotation marks.",
  unattributed: "The words are in quotation marks, and nothing in the article reports them.",

  aside: "The reporting words stand as an aside in the quote, between commas or dashes.",
  "as-clause": "“As … put it” reports the quote.",
  answer: "The speaker was asked, and the quote is the reply.",
  "behind-quote": "The reporting words follow the quote.",
  "between-halves": "The reporting words stand between the two halves of the quote.",
  "between-two-of-one": "The quotes before and after it are from the same speaker.",
  correction: "A reader corrected the speaker: “{}”.",
  credit: "A line next to the quote credits “{}”.",
  "cue-behind": "The reporting words that follow belong to this quote too.",
  directive: "The sentence passes on an instruction or a demand.",
  "document-says": "A statement, a letter or another document says it; its author is the speaker.",
  "goes-on": "The quote continues the one before it.",
  heading: "The heading above names “{}” as the speaker.",
  "heard-from": "Somebody “heard from” the speaker.",
  "how-clause": "“… is how X put it”: X is the speaker.",
  "introduced-by-colon": "A colon introduces the quote.",
  "introduces-quote": "The sentence introduces the quote that follows.",
  "joined-verb-source": "Two verbs share one subject, who is the speaker.",
  label: "The label “{}” before the colon names the speaker.",
  "message-behind-quote": "“… was the verdict of X”: X is the speaker.",
  "misread-verb": "A word that looks like a noun is the reporting verb.",
  narrated: "The sentence before the quote is about one person (“{}”), who then speaks.",
  "only-speaker": "Only one person speaks in this part of the article.",
  "participle-source": "A phrase such as “…, calling it a bargain” belongs to the sentence’s speaker.",
  "passed-on": "One source says it, and another source passes it on.",
  "passive-agent": "The name after “by” is the speaker.",
  "passive-complement": "“Is said to …” reports words without naming the speaker.",
  "passive-subject": "The subject of a passive verb (“was told”) hears it and does not say it.",
  per: "“Per” names the source.",
  "quoted-as-saying": "The one “quoted as saying” it is the speaker.",
  "reopened-paragraph": "The quotation marks of the paragraph before were left open, so the quote continues.",
  repeats: "The quote repeats one from elsewhere in the article.",
  "reported-report": "A paper or an outlet shows what somebody else said.",
  "same-turn": "More words in quotation marks follow at once, with no new speaker.",
  "second-report": "A second reporting verb in the sentence begins a statement of its own.",
  "time-is-no-source": "A day or a time is not taken for a speaker.",
  "title-before-name": "A title before a name is part of the speaker.",

  "speaker-acronym": "“{}” is the short form of a name in the article.",
  "speaker-apposition": "The name next to the description is the speaker: “{}”.",
  "speaker-circle": "The quotes name each other as their source, so nobody can be named.",
  "speaker-continuation": "The speaker is the same as in the quote that this one continues.",
  "speaker-coordination": "Several speakers are named together: “{}”.",
  "speaker-definite-description": "The description refers to somebody named earlier ({}).",
  "speaker-document-of": "The document comes from “{}”.",
  "speaker-epithet": "The description fits one person in the article ({}).",
  "speaker-full-name": "The speaker’s full name is here: “{}”.",
  "speaker-given-name": "“{}” is the first name of somebody in the article.",
  "speaker-name": "Several people have the name “{}”.",
  "speaker-new-description": "The speaker is described and not named: “{}”.",
  "speaker-no-source": "The sentence does not name a source.",
  "speaker-pronoun": (seen) =>
    seen.includes(" means ") ? `“${seen.replace(" means ", "” means ")}.` : `“${seen}” is a pronoun, and the article does not make clear for whom.`,
  "speaker-question": "“{}” asks who the speaker is.",
  "speaker-relative": "“{}” refers to the person just before it.",
  "speaker-same-description": "The same description was used earlier: “{}”.",
  "speaker-same-name": "The same name was used earlier: “{}”.",
  "speaker-short-name": "“{}” is the surname of somebody in the article.",
  "speaker-speaker-of-the-quote": "“I” or “we” is the speaker of the quote around it ({}).",
};

// The sentence for {rule, detail} of an explanation. A rule without an entry is named as it is.
export function inWords({ rule, detail }) {
  const words = WORDS[rule];
  if (!words) return detail ? `${rule}: ${detail}` : rule;
  const seen = detail.replace(/ [+-][\d.]+$/, ""); // without the model's score
  if (typeof words === "function") return words(seen);
  return seen ? words.replace("{}", seen) : words.replace(/:? ?[(“][^(“]*\{\}[)”]/, "").trim();
}
