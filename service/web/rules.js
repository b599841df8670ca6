// The rules' names in words: {} stands for what the rule saw. `python -m tests.rule_pages` writes them from the registry.

const WORDS = {
};

// What the screen itself adds to an explanation.
const ADDED = {
  correction: "A reader corrected the speaker: “{}”.",
};

// The sentence for {rule, detail} of an explanation. A rule without an entry is named as it is.
export function inWords({ rule, detail }) {
  const words = WORDS[rule] ?? ADDED[rule];
  if (!words) return detail ? `${rule}: ${detail}` : rule;
  const seen = detail.replace(/ [+-][\d.]+$/, ""); // without the model's score
  if (rule === "speaker-pronoun" && !seen.includes(": ")) return `“${seen}” is a pronoun, and the article does not make clear for whom.`;
  return seen ? words.replace("{}", seen) : words.replace(/:? ?[(“][^(“]*\{\}[)”]/, "").trim();
}
