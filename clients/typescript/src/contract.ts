// The values of the contract, from openapi.yaml.
// Written by `python -m tests.client_types`; do not edit.

/**
 * The page with the article, instead of `text`. The service reads its main text, headline, captions and pull
 * quotes, and the page's own title, author, date and language where the request has none. Nothing is fetched.
 * Limits: 30,000 elements, 200 levels of nesting, 200,000 characters of article, and 10 seconds
 * (`PULLQUOTE_PAGE_SECONDS`).
 */
export type PageHtml = string;

/**
 * The article as plain text. Each line that is not empty is a paragraph or, where the text is wrapped, a line
 * of one. At most 200,000 characters unless the operator has set another limit (`PULLQUOTE_MAX_CHARACTERS`). A
 * lone surrogate (`\ud800`) is refused.
 */
export type ArticleText = string;

/** The sender's own id for the article; returned in the response. */
export type ArticleId = string | null;

/** The article's headline, if it is not part of the text; returned in the response. */
export type ArticleTitle = string | null;

/** Where the article is published; returned in the response, and not fetched. */
export type ArticleUrl = string | null;

/** The article's language (BCP 47). Only English is supported. It takes precedence over the page's declaration. */
export type LanguageTag = string | null;

/** The author or authors, if known; returned in the response. */
export type Byline = string | null;

/** When the article was published (RFC 3339), a date or a date and time; returned in the response. */
export type PublishedAt = string | null;

/** The article that corrections are for. The hash decides; the rest is for people. */
export interface CorrectedArticle {
  /** The SHA-256 of the text in UTF-8, as in the response's `article.sha256`. */
  sha256: string;
  /** The text's length in code points. */
  length?: number;
  id?: string | null;
  title?: string | null;
  url?: string | null;
}

/** A span of the article's text, in code points; `text` is its `[start:end]`, character for character. */
export interface CorrectedSpan {
  start: number;
  end: number;
  text: string;
}

/** Whether the content is inside quotation marks entirely, partly, or not at all. */
export type Kind = "direct" | "mixed" | "indirect";

/**
 * One correction. `speaker`: the quote is said by `speaker`, or, if that is null, by an unknown speaker; a
 * quote that the service does not find is added. `rename`: the speaker `speaker` is called `to`; if there is a
 * speaker of that name, both become one. `drop`: this is not a quote. `add`: this is a quote, said by
 * `speaker`.
 */
export interface Correction {
  /** What is corrected. It decides which of the other fields are required. */
  change: "speaker" | "rename" | "drop" | "add";
  /**
   * The quote's contents, for `speaker`, `drop` and `add`. Offsets are code points whatever `options.offsets`
   * says. The correction applies to the quote that shares most of its characters with them, if that is at least
   * half.
   */
  quote?: readonly CorrectedSpan[];
  kind?: Kind;
  /** The speaker's name; for `rename`, the name that the service gives. */
  speaker?: string | null;
  /** The speaker's new name, for `rename`. */
  to?: string;
}

/**
 * An editor's corrections of this article, applied to the response in their order. They are for one text: if
 * the article's hash differs, the request is refused. The web interface saves them as a file
 * (docs/corrections.md).
 */
export interface Corrections {
  /** The version of this format. */
  version: 1;
  article: CorrectedArticle;
  corrections: readonly Correction[];
  /** The article's quotes with the corrections, as the web interface saves them. It is not read. */
  quotes?: unknown;
}

/** The kinds of quotes to return. */
export type Kinds = readonly Kind[];

/**
 * What counts as a statement. "speech": what somebody said, wrote, announced or asked, or what a document,
 * study or poll states. "all": also what somebody thinks, feels, perceives or plans without quotation marks,
 * and the indirect speech of an unnamed author ("I asked whether …"). If `cue_classes` is sent without
 * `statements`, the default is "all".
 */
export type Statements = "speech" | "all";

/** The class of the reporting word. */
export type CueClass = "say" | "tell" | "ask" | "write" | "announce" | "think" | "feel" | "perceive" | "plan" | "other";

/**
 * The classes of cues to return. A quote must match both `cue_classes` and `statements`. Speech is say, tell,
 * ask, write and announce; think, feel, perceive and plan are thoughts, feelings, perceptions and plans.
 */
export type CueClasses = readonly CueClass[];

/**
 * Quotes with a lower confidence are left out. At the default, about as many returned quotes are wrong as
 * correct ones are missing; docs/accuracy.md has precision and recall at each value.
 */
export type MinConfidence = number;

/**
 * A speaker with a lower `speaker_confidence` is not named: `speaker` is null, and `unresolved_code` is
 * "uncertain". If several candidates fit about equally, no speaker is named at any value ("ambiguous").
 */
export type MinSpeakerConfidence = number;

/**
 * The form of the text. "auto": the service detects it. "prose": labels, block quotes and posts are ignored.
 * Any other value: the text has this form, even if its labels are few or unusual.
 */
export type FormOption = "auto" | "prose" | "interview" | "transcript" | "subtitles" | "live-blog" | "alert";

/**
 * The unit of offsets and lengths in the response: Unicode code points, or UTF-16 code units as in JavaScript's
 * strings.
 */
export type OffsetUnit = "codepoints" | "utf16";

/** What to return. */
export interface Options {
  kinds?: Kinds;
  statements?: Statements;
  cue_classes?: CueClasses;
  min_confidence?: MinConfidence;
  min_speaker_confidence?: MinSpeakerConfidence;
  /** Whether to return quoted spans that nothing in the article attributes, without a speaker. */
  unattributed?: boolean;
  /** Whether to return quotes in boilerplate: link lists, promotions, credits. */
  furniture?: boolean;
  /** Whether to return what is quoted inside turns, block quotes and posts: quotes with `within`. */
  nested?: boolean;
  form?: FormOption;
  /** Whether to return the rules and decisions that led to each quote. */
  explain?: boolean;
  offsets?: OffsetUnit;
}

/** An article, as text or as a page, and the options. */
export interface QuotesRequest {
  html?: PageHtml;
  text?: ArticleText;
  id?: ArticleId;
  title?: ArticleTitle;
  url?: ArticleUrl;
  language?: LanguageTag;
  byline?: Byline;
  published_at?: PublishedAt;
  corrections?: Corrections;
  options?: Options;
}

/** A quote as it will be printed. */
export interface PrintedQuote {
  /**
   * The quote, with or without its outer quotation marks. Ellipses (… and ...) and square brackets are read as
   * newsrooms use them. If only parts of it are in double quotation marks, those parts are direct. At most 300
   * words unless the operator has set another limit (`PULLQUOTE_MAX_QUOTE_WORDS`).
   */
  text: string;
  /** The speaker as printed: a name, a title and a name, an acronym, or a description. */
  speaker?: string | null;
}

/** What to return. */
export interface VerifyOptions {
  /** Whether to return quotes in boilerplate: link lists, promotions, credits. */
  furniture?: boolean;
  /** Whether to return the rules and decisions that led to each quote. */
  explain?: boolean;
  offsets?: OffsetUnit;
}

/** An article, as in `POST /quotes`, and the printed quotes to verify. */
export interface VerifyRequest {
  /** At most 50 unless the operator has set another limit (`PULLQUOTE_MAX_QUOTES`). */
  quotes: readonly PrintedQuote[];
  html?: PageHtml;
  text?: ArticleText;
  id?: ArticleId;
  title?: ArticleTitle;
  url?: ArticleUrl;
  language?: LanguageTag;
  byline?: Byline;
  published_at?: PublishedAt;
  options?: VerifyOptions;
}

/**
 * The form of a text. `interview` and `transcript`: labels name who speaks, in turns; `subtitles`: SRT or
 * WebVTT; `live-blog`: posts with their time; `alert`: lines of a news agency in capitals; `prose`: everything
 * else.
 */
export type ArticleForm = "prose" | "interview" | "transcript" | "subtitles" | "live-blog" | "alert";

/** The article that was sent or, for a page, what was found in it. */
export interface Article {
  id: string | null;
  title: string | null;
  /** The article's address from the request, otherwise the page's canonical address. */
  url: string | null;
  language: string | null;
  /** The author or authors, from the request or otherwise the page. */
  byline: string | null;
  /**
   * When the article was published, from the request or otherwise the page (RFC 3339). From a page it is a date
   * and time if the page states the offset from UTC, otherwise a date.
   */
  published_at: string | null;
  /** The name of the site, from the page. Null for a text. */
  site_name: string | null;
  form: ArticleForm;
  /** The text's length in the unit of `options.offsets`; no offset is greater. */
  length: number;
  /** The SHA-256 of the text in UTF-8, to check that offsets refer to the same text. */
  sha256: string;
  /** The article's text, with a blank line between blocks. Only for a page. */
  text?: string;
}

/** An offset into the text that was sent, from 0, in the unit of `options.offsets`. */
export type Offset = number;

/** A span of the article's text; `text` is its `[start:end]`, character for character. */
export interface Span {
  start: Offset;
  end: Offset;
  text: string;
}

/** The words that report a quote. */
export interface Cue {
  start: Offset;
  end: Offset;
  text: string;
  /** The dictionary form of the cue's main word. */
  lemma: string;
  class: CueClass;
}

export type UnresolvedCode = "no-source" | "ambiguous" | "uncertain" | "no-antecedent" | "author" | "addressee" | "question" | "circle" | "correction";

/** The offsets of a span of the article's text. */
export interface Extent {
  start: Offset;
  end: Offset;
}

/** A candidate for the speaker. */
export interface Candidate {
  name: string;
  /** The score relative to the other candidates; the scores of all candidates sum to 1. */
  score: number;
}

/** One decision that led to a quote. */
export interface Rule {
  /** The rule's name (docs/rules.md). */
  rule: string;
  /** The words or scores that it was based on. */
  detail: string;
}

/** A feature and its weight. */
export interface Weight {
  /** The feature's name in the model's weights. */
  feature: string;
  /** The contribution to the score in log-odds; above 0 for the alternative, below 0 against it. */
  weight: number;
}

/** One of the alternatives of a decision. */
export interface Alternative {
  /** The words or the speaker's name. Null for none, such as no source, no cue or no speaker. */
  text: string | null;
  /**
   * The model's score in log-odds; scores compare only within a decision. Of a speaker, how certain the choice
   * is. Null where no model scored the alternative.
   */
  score: number | null;
  /** The features with the largest contributions to the score, largest first. */
  features: readonly Weight[];
}

/** A decision that led to a quote. */
export interface Decision {
  /** What was decided. `quoted-span` is the cue that reports a quoted span, or none. */
  decision: "cue" | "content" | "source" | "quoted-span" | "speaker";
  /** The quoted span, for a `quoted-span` decision. Otherwise null. */
  about: string | null;
  /** `model`, or the name of the rule that decided. */
  decided_by: string;
  winner: Alternative;
  /** The next best alternative, or what the model preferred where a rule decided. Null without one. */
  runner_up: Alternative | null;
}

/** What was said (`contents`), the words that report it (`cue`), and who said it (`mention`, `speaker`). */
export interface Quote {
  /** The quote's id in this response. */
  id: string;
  kind: Kind;
  /**
   * How the text sets the quote apart. `turn`: a speaker's turn in an interview, a transcript or subtitles,
   * direct speech without quotation marks. `block`: a statement or a list after "said:", a block quote. `post`:
   * a post with its signature. `prose`: everything else.
   */
  form: "prose" | "turn" | "block" | "post";
  /**
   * The texts of `contents`, joined by spaces, for people to read. With one content, it is that content,
   * verbatim.
   */
  text: string;
  /**
   * What was said, in text order; several if other words stand between them: “We,” she said, “lost.” The outer
   * quotation marks are included.
   */
  contents: readonly Span[];
  /** The parts of the contents inside quotation marks, including the marks. */
  marks: readonly Span[];
  /**
   * The words that report the quote. Null for a turn or a post, and for a quote that continues the one before
   * it.
   */
  cue: Cue | null;
  /** The words that name the source in this sentence; for a turn, its label. */
  mention: Span | null;
  /** The id of a speaker in this response. Null if the article does not say, or if the speaker is uncertain. */
  speaker: string | null;
  /**
   * How the speaker was resolved from the mention: it is the name (`name`), another form of the name (`alias`),
   * a pronoun, a description ("the spokesperson"), the speaker of the quote that this one continues
   * (`continuation`), or unresolved (`none`). Or an editor named the speaker, in the request's `corrections`
   * (`correction`).
   */
  resolution: "name" | "alias" | "pronoun" | "description" | "continuation" | "correction" | "none";
  /** The probability that the speaker is correct, from 0 to 1. Null without a speaker. */
  speaker_confidence: number | null;
  /** Why there is no speaker, for people. Null with a speaker. */
  unresolved: string | null;
  /**
   * The same for programs. `no-source`: no source is named. `ambiguous`: several candidates fit about equally.
   * `uncertain`: the likeliest is below `options.min_speaker_confidence`. `no-antecedent`: no candidate fits.
   * `author`, `addressee`: "I" or "you" outside a quote. `question`: the source is "who". `circle`: two quotes
   * name each other as their source. `correction`: an editor removed the speaker. Null with a speaker.
   */
  unresolved_code: UnresolvedCode | null;
  /** The `id` of the quote that this one continues, for example the next paragraph of a speech. Otherwise null. */
  continues: string | null;
  /**
   * The `id` of the turn, block quote or post that this is quoted in. Only where `options.nested` is true, else
   * null.
   */
  within: string | null;
  /** To whom it was said: told *reporters*. */
  addressee: Span | null;
  /** The outlet or person that passed it on: the ministry confirmed it, according to *the agency*. */
  via: Span | null;
  /** Whether the article reports that this was *not* said. */
  negated: boolean;
  /** The sentence of the cue or, without a cue, of the first content. */
  sentence: Extent;
  /** The number of the paragraph in which the contents begin, from 0. */
  paragraph: number;
  /** Which part of the page that paragraph belongs to. */
  section: "headline" | "body" | "caption" | "pullquote" | "furniture";
  /**
   * A cautious estimate of the probability that quote and speaker are both correct, from 0 to 1: never more
   * than `speaker_confidence`, and below 0.8 without a speaker.
   */
  confidence: number;
  /** The candidates for a pronoun or a description, best first. Only with `options.explain`. */
  candidates?: readonly Candidate[];
  /** The rules that led to the quote, in order (docs/rules.md). Only with `options.explain`. */
  explain?: readonly Rule[];
  /**
   * The decisions that led to the quote: the winner, the runner-up, and the features with the largest
   * contributions. Only with `options.explain`. For people who debug a result: names and weights change between
   * versions.
   */
  decisions?: readonly Decision[];
  /**
   * The id of the quote that this pull quote repeats: a block set apart whose words are in another quote. It
   * has the speaker of that quote, whose `quotes` do not list it. Omitted for other quotes.
   */
  repeats?: string;
}

/** A person, organization or group that is quoted. */
export interface Speaker {
  /** The speaker's id in this response. */
  id: string;
  /** The fullest form of the name in the text, or the description of a speaker without a name. */
  name: string;
  kind: "person" | "organization" | "group" | "unknown";
  /** The role or affiliation that the article states. */
  description: string | null;
  /** Other forms of the name in the text. */
  aliases: readonly string[];
  /** Where the text mentions the speaker. */
  mentions: readonly Span[];
  /** The ids of the speaker's quotes. */
  quotes: readonly string[];
}

/** A reason why quotes of this article are likely to be missed or wrong. */
export interface Warning {
  /**
   * The kind of problem. Later versions can add codes: treat an unknown code as a warning too. Codes of this
   * version:
   *
   * - `language`: the text is probably not in English.
   * - `capitals`: the text is written in capitals, or without any.
   * - `form`: the text looks like a transcript or an interview whose labels the service could not use.
   * - `encoding`: characters were lost, or decoded with the wrong encoding.
   * - `truncated`: the article ends at a paywall, in an ellipsis or in the middle of a sentence.
   */
  code: string;
  /** What was found and what to do, in a sentence or two for people. */
  detail: string;
}

/** The model that parsed the article. */
export interface Model {
  name: string;
  version: string;
  /**
   * The arithmetic of the model: `float32`, or a faster one for the service's processor, such as `int8-avx2` or
   * `bf16-amx`. Services that differ only in this return the same quotes except for 0.1 to 2 % of them.
   */
  arithmetic: string;
}

/** The versions of Pullquote and of the model. */
export interface Service {
  /** Pullquote's version. */
  version: string;
  model: Model;
}

/** The quotes of one article and their speakers. */
export interface Report {
  article: Article;
  /** In text order. */
  quotes: readonly Quote[];
  /** In order of first quote. */
  speakers: readonly Speaker[];
  /** Reasons why quotes of this article are likely to be missed or wrong; empty for most articles. */
  warnings: readonly Warning[];
  service: Service;
  /**
   * The fields of a batch's line that a request does not have, as they were sent. Only in a batch, and only if
   * there are any.
   */
  extra?: Record<string, unknown>;
}

/** Inside a quote's marks, in what is reported without marks, or in the article's own words. */
export type FoundIn = "quote" | "paraphrase" | "narration";

/** A speaker of the response whom a printed speaker may refer to. */
export interface Suggestion {
  /** The speaker's id. */
  speaker: string;
  /** The speaker's name. */
  name: string;
  /**
   * How the two are similar: by `spelling` ("Aldar" for Alder), as a `short-form` ("Tom B." for Tom Brandt), or
   * as an organization and its `spokesperson` ("the ministry" for the ministry's spokesman, or the reverse).
   */
  likeness: "spelling" | "short-form" | "spokesperson";
}

/** One difference between the article and the printed quote. */
export interface Change {
  /**
   * Harmless: marks, dashes, spaces or spelling (`spelling`), punctuation (`punctuation`), the article's own
   * words omitted between two parts of one quote (`joined`). Newsroom style: capitalization (`capital`), words
   * replaced by an ellipsis (`ellipsis`), words in brackets added (`bracket-insertion`) or in place of others
   * (`bracket-replacement`), two quotes merged (`merged`). Other words: `changed`, `added`, `dropped`. Printed
   * as direct although it is not: `unquoted`.
   */
  kind: "spelling" | "punctuation" | "capital" | "joined" | "merged" | "ellipsis" | "bracket-insertion" | "bracket-replacement" | "changed" | "added" | "dropped" | "unquoted";
  /** The span of the article. Null if the article has nothing there. */
  original: Span | null;
  /** The span of the printed quote, as offsets into its `text`. Null if the printed quote has nothing there. */
  printed: Span | null;
  /**
   * How the change can affect the meaning: a negation, a number, a hedge ("may", "perhaps") or a question is
   * added, removed or changed. Null if none of these was found. Any of them makes the wording `altered`.
   */
  meaning: "negation" | "number" | "hedge" | "question" | null;
}

/** A place in the article where the words occur. */
export interface Occurrence {
  found_in: FoundIn;
  /** The spans of the article that the printed quote consists of, in its order. */
  originals: readonly Span[];
  /** The ids of the quotes that contain these spans. */
  quotes: readonly string[];
  /** The ids of the speakers of these quotes. */
  said_by: readonly string[];
}

/** The result for one printed quote. */
export interface Check {
  /** The printed quote, as it was sent. */
  text: string;
  /** The printed speaker, as it was sent. */
  speaker: string | null;
  /**
   * The most serious finding, most serious first: the words are not in the article (`not-found`); they are the
   * article's own words (`narration`); another speaker said them (`speaker-differs`); the article reports that
   * they were *not* said, or that the speaker denied them (`denied`); the article only paraphrases them, at
   * least in part (`paraphrase`); words were changed, added or dropped (`altered`); the article does not name
   * the speaker (`speaker-unknown`); only newsroom style differs, see `changes` (`edited`); every letter, digit
   * and emoji is the speaker's, in order (`verbatim`).
   */
  verdict: "verbatim" | "edited" | "altered" | "paraphrase" | "narration" | "speaker-differs" | "speaker-unknown" | "denied" | "not-found";
  /** Whether the words are those of the article, wherever they are. Null if they were not found. */
  wording: "verbatim" | "edited" | "altered" | null;
  /**
   * Whether the words that are printed as direct are inside a quote's marks (`quote`), in the article's own
   * words (`narration`), or at least partly in what it reports without marks (`paraphrase`). Null if they were
   * not found.
   */
  found_in: FoundIn | null;
  /**
   * Whether the article gives the words to the printed speaker (`same`) or to another one (`differs`).
   * `unknown`: the article does not name the speaker. `denied`: it reports that they were not said, or were
   * denied. `not-given`: no speaker is printed. Null if the words were not found.
   */
  attribution: "same" | "differs" | "unknown" | "denied" | "not-given" | null;
  /** The spans of the article that the printed quote consists of, in its order. */
  originals: readonly Span[];
  /** The ids of the quotes that contain these spans. */
  quotes: readonly string[];
  /** The ids of the speakers of these quotes. */
  said_by: readonly string[];
  /** The ids of the speakers whom the printed speaker can refer to. Empty if no quoted speaker fits. */
  meant: readonly string[];
  /**
   * At most three speakers whom the printed speaker may refer to, if it fits no speaker of these words.
   * Suggestions do not change the verdict.
   */
  did_you_mean: readonly Suggestion[];
  /** Every difference, in the order of the printed quote; `unquoted` spans come last. */
  changes: readonly Change[];
  /** At most four other places of the article with the same words. */
  elsewhere: readonly Occurrence[];
}

/** The result for each printed quote, and the report it is based on. */
export interface Verification {
  article: Article;
  /** In the order of the printed quotes in the request. */
  checks: readonly Check[];
  /** In text order. */
  quotes: readonly Quote[];
  /** In order of first quote. */
  speakers: readonly Speaker[];
  /** Reasons why quotes of this article are likely to be missed or wrong; empty for most articles. */
  warnings: readonly Warning[];
  service: Service;
}

/** One thing that is wrong with a request. */
export interface Fault {
  /** The field (JSON pointer, RFC 6901); empty for the whole request. */
  pointer: string;
  /** What is wrong with the field. */
  detail: string;
}

/** What went wrong (RFC 9457). */
export interface Problem {
  /** A reference to the part of this document that describes this type of problem. */
  type: string;
  /** The type in words, the same for every problem of this type. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What was wrong with this request, the limit, and what to do. */
  detail: string;
  /** The id of the request in the service's log, as in the header `X-Request-ID`. Not in a batch. */
  request_id?: string;
  /** The number of the line in a batch, from 1. Only in a batch. */
  line?: number;
  /** The faults of an invalid request, at most the first 20. */
  errors?: readonly Fault[];
}
