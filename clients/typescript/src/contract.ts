// The values of the contract, from openapi.yaml.
// Written by `python -m tests.client_types`; do not edit.

/**
 * The page that the article stands in, in place of `text`: its main text, headline, captions and pull quotes
 * are read, and what the page says of title, author, date and language, where the request does not. Nothing is
 * fetched. The page may have 30,000 elements, 200 of them inside each other, and 200,000 characters of article;
 * it is given 10 seconds (`PULLQUOTE_PAGE_SECONDS`).
 */
export type PageHtml = string;

/**
 * The article as plain text. Lines that are not empty are paragraphs, or the lines of one where the text is
 * wrapped. At most 200,000 characters, where the operator has set no other limit (`PULLQUOTE_MAX_CHARACTERS`).
 * It holds whole characters: half a surrogate pair (`\ud800`) is refused.
 */
export type ArticleText = string;

/** The sender's own name for the article; it comes back in the answer. */
export type ArticleId = string | null;

/** The article's headline, where it is not part of the text; it comes back in the answer. */
export type ArticleTitle = string | null;

/** Where the article is published; it comes back in the answer and is not visited. */
export type ArticleUrl = string | null;

/** The article's language (BCP 47). Only English can be read. It has the last word where a page says otherwise. */
export type LanguageTag = string | null;

/** The author or authors, where the sender knows them; it comes back in the answer. */
export type Byline = string | null;

/** When the article was published (RFC 3339), a date or a date and a time; it comes back in the answer. */
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

/** A stretch of the article's text, in code points; `text` is its `[start:end]`, character for character. */
export interface CorrectedSpan {
  start: number;
  end: number;
  text: string;
}

/** Whether what was said stands in quotation marks as a whole, in part, or not at all. */
export type Kind = "direct" | "mixed" | "indirect";

/**
 * One correction. `speaker`: the quote is said by `speaker`, or, if that is null, by somebody unknown; a quote
 * that the service does not find is added. `rename`: the speaker `speaker` is called `to`; if there is a
 * speaker of that name, both become one. `drop`: this is no quote. `add`: this is a quote, said by `speaker`.
 */
export interface Correction {
  /** What is corrected. It decides which of the other fields are required. */
  change: "speaker" | "rename" | "drop" | "add";
  /**
   * The quote's contents, for `speaker`, `drop` and `add`. Offsets are code points whatever `options.offsets`
   * says. The quote that shares most of its characters with them is meant, if that is at least half.
   */
  quote?: readonly CorrectedSpan[];
  kind?: Kind;
  /** The speaker's name; for `rename`, the name that the service gives. */
  speaker?: string | null;
  /** The speaker's new name, for `rename`. */
  to?: string;
}

/**
 * An editor's corrections of this article, applied to the response in their order. They are for one text: where
 * the article's hash is another one, the request is refused. The screen saves them as a file
 * (docs/corrections.md).
 */
export interface Corrections {
  /** The version of this format. */
  version: 1;
  article: CorrectedArticle;
  corrections: readonly Correction[];
  /** The article's quotes with the corrections, as the screen saves them. It is not read. */
  quotes?: unknown;
}

/** The kinds of quotes that are wanted. */
export type Kinds = readonly Kind[];

/**
 * What counts as a statement. "speech": what somebody said, wrote, announced or asked, or what a document,
 * study or poll says. "all": also what somebody thinks, feels, perceives or plans, as far as it stands in no
 * quotation marks. Where `cue_classes` is sent without `statements`, the default is "all".
 */
export type Statements = "speech" | "all";

/** What kind of reporting it is. */
export type CueClass = "say" | "tell" | "ask" | "write" | "announce" | "think" | "feel" | "perceive" | "plan" | "other";

/**
 * The classes of cues that are wanted, of the `statements` that are wanted: a quote must fit both. Speech is
 * say, tell, ask, write and announce; think, feel, perceive and plan are thoughts, feelings, perceptions and
 * plans.
 */
export type CueClasses = readonly CueClass[];

/**
 * Quotes with less confidence are left out. The default is where as many wrong quotes are kept out as right
 * ones are lost; docs/accuracy.md has precision and recall at each value.
 */
export type MinConfidence = number;

/**
 * A speaker with less `speaker_confidence` is not named: `speaker` is null, and `unresolved_code` is
 * "uncertain". At 0 the likeliest speaker is always named.
 */
export type MinSpeakerConfidence = number;

/**
 * What the text is. "auto": the service recognizes it. "prose": labels, block quotes and posts have no meaning.
 * Any other value: the text is one, even where its labels are few or unusual.
 */
export type FormOption = "auto" | "prose" | "interview" | "transcript" | "subtitles" | "live-blog" | "alert";

/**
 * What the answer's offsets and lengths count: Unicode code points, or the UTF-16 code units of which
 * JavaScript's strings are made.
 */
export type OffsetUnit = "codepoints" | "utf16";

/** What is wanted in the answer. */
export interface Options {
  kinds?: Kinds;
  statements?: Statements;
  cue_classes?: CueClasses;
  min_confidence?: MinConfidence;
  min_speaker_confidence?: MinSpeakerConfidence;
  /** Whether quoted stretches that nobody is said to have spoken are wanted too, without a speaker. */
  unattributed?: boolean;
  /** Whether quotes are wanted from what a page wraps round its article: link lists, promotions, credits. */
  furniture?: boolean;
  /** Whether what is quoted inside turns, block quotes and posts is wanted too: quotes with `within`. */
  nested?: boolean;
  form?: FormOption;
  /** Whether each quote shall tell the rules that led to it. */
  explain?: boolean;
  offsets?: OffsetUnit;
}

/** An article, as its text or in its page, and what is wanted of it. */
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

/** A quote as somebody wants to print it. */
export interface PrintedQuote {
  /**
   * The quote, with or without its outer quotation marks; ellipses (… and ...) and square brackets are read as
   * a newsroom uses them. Where double marks stand round parts of it only, it says that those parts are direct.
   * At most 300 words, where the operator has set no other limit (`PULLQUOTE_MAX_QUOTE_WORDS`).
   */
  text: string;
  /** Who is to have said it - a name, a title and a name, an acronym, a description. */
  speaker?: string | null;
}

/** What is wanted in the answer. */
export interface VerifyOptions {
  /** Whether quotes are wanted from what a page wraps round its article: link lists, promotions, credits. */
  furniture?: boolean;
  /** Whether each quote shall tell the rules that led to it. */
  explain?: boolean;
  offsets?: OffsetUnit;
}

/** An article, as `POST /quotes` takes it, and the printed quotes that shall be held against it. */
export interface VerifyRequest {
  /** At most 50, where the operator has set no other limit (`PULLQUOTE_MAX_QUOTES`). */
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

/** The article that was sent; of a page, what was found in it. */
export interface Article {
  id: string | null;
  title: string | null;
  /** The article's address as the request gives it, else the canonical address that the page gives. */
  url: string | null;
  language: string | null;
  /** The author or authors, as the request or else the page gives them. */
  byline: string | null;
  /**
   * When the article was published, as the request or else the page gives it (RFC 3339). Of a page it is a date
   * and a time where the page gives one with its offset from UTC, else a date.
   */
  published_at: string | null;
  /** The name of the site, as the page gives it. Null where a text was sent. */
  site_name: string | null;
  form: ArticleForm;
  /** The text's length, in the unit of `options.offsets`; no offset is greater. */
  length: number;
  /** The SHA-256 of the text in UTF-8, by which sender and answer can tell that they mean the same. */
  sha256: string;
  /** The article's text, a blank line between its blocks. Only where a page was sent. */
  text?: string;
}

/** An offset into the text that was sent, from 0, in the unit of `options.offsets`. */
export type Offset = number;

/** A stretch of the article's text; `text` is its `[start:end]`, character for character. */
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

/** Where a stretch of the article's text lies. */
export interface Extent {
  start: Offset;
  end: Offset;
}

/** One who may be the speaker. */
export interface Candidate {
  name: string;
  /** How well they fit beside the others; the scores of all candidates add up to 1. */
  score: number;
}

/** One decision that led to a quote. */
export interface Rule {
  /** The rule's name, as it stands in the service's source. */
  rule: string;
  /** What it saw. */
  detail: string;
}

/** A feature and its weight. */
export interface Weight {
  /** The feature's name, as it stands in the model's weights. */
  feature: string;
  /** How much it weighed for (above 0) or against (below 0) the alternative, in log-odds. */
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
  /** The features that weighed most in the score, heaviest first. */
  features: readonly Weight[];
}

/** A decision that led to a quote. */
export interface Decision {
  /** What was decided. `quoted-span` is the cue that reports a quoted span, or none. */
  decision: "cue" | "content" | "source" | "quoted-span" | "speaker";
  /** The quoted span, in a `quoted-span` decision. Otherwise null. */
  about: string | null;
  /** `model`, or the name of the rule that decided. */
  decided_by: string;
  winner: Alternative;
  /** The next best alternative, or what the model preferred where a rule decided. Null without one. */
  runner_up: Alternative | null;
}

/** What was said (`contents`), the words that report it (`cue`), and who said it (`mention`, `speaker`). */
export interface Quote {
  /** The quote's name in this answer. */
  id: string;
  kind: Kind;
  /**
   * How the text sets the quote apart. `turn`: a speaker's turn in an interview, a transcript or subtitles,
   * direct speech without quotation marks. `block`: a statement or a list after "said:", a block quote. `post`:
   * a post with its signature. `prose`: everything else.
   */
  form: "prose" | "turn" | "block" | "post";
  /**
   * The texts of `contents`, a space between each two: for people to read. Where there is one content, it is
   * that content, verbatim.
   */
  text: string;
  /**
   * What was said, in text order; several where other words stand between them: “We,” she said, “lost.” The
   * outer quotation marks are part of it.
   */
  contents: readonly Span[];
  /** The stretches of the contents that stand in quotation marks, these included. */
  marks: readonly Span[];
  /**
   * The words that report the quote. Null for a turn or a post, and where the quote goes on with the speaker of
   * the one before it.
   */
  cue: Cue | null;
  /** The words that name who said it, in this place of the text; for a turn, its label. */
  mention: Span | null;
  /** The id of one of the answer's speakers. Null where the text does not say, or it cannot be told. */
  speaker: string | null;
  /**
   * How the speaker was found from the mention: it is the name (`name`), another form of it (`alias`), a
   * pronoun, a description ("the spokesperson"), the speaker of the quote before it (`continuation`), or not at
   * all (`none`). Or an editor named the speaker, in the request's `corrections` (`correction`).
   */
  resolution: "name" | "alias" | "pronoun" | "description" | "continuation" | "correction" | "none";
  /** How sure the service is that the mention means this speaker, from 0 to 1. Null where there is no speaker. */
  speaker_confidence: number | null;
  /** Why there is no speaker. Null where there is one. */
  unresolved: string | null;
  /**
   * The same for programs. `no-source`: nobody is named. `ambiguous`: several fit about equally. `uncertain`:
   * the likeliest is less sure than `options.min_speaker_confidence`. `no-antecedent`: nobody fits. `author`,
   * `addressee`: "I" or "you" outside a speech. `question`: the source is "who". `circle`: two quotes name each
   * other as their source. `correction`: an editor says so. Null where there is a speaker.
   */
  unresolved_code: UnresolvedCode | null;
  /** The `id` of the quote that this one goes on from, as a next paragraph does. Null where it stands alone. */
  continues: string | null;
  /**
   * The `id` of the turn, block quote or post that this is quoted in. Only where `options.nested` is true, else
   * null.
   */
  within: string | null;
  /** Who it was said to, as in told *reporters*. */
  addressee: Span | null;
  /** The outlet or person through whom it came, as in the ministry confirmed it, according to *the agency*. */
  via: Span | null;
  /** Whether the text says that this was *not* said. */
  negated: boolean;
  /** The sentence that the cue stands in, or, without a cue, the first of the contents. */
  sentence: Extent;
  /** The number of the paragraph that the contents begin in, from 0. */
  paragraph: number;
  /** What part of the page that paragraph is. */
  section: "headline" | "body" | "caption" | "pullquote" | "furniture";
  /**
   * How likely the quote and its speaker are both right, from 0 to 1: never more than `speaker_confidence`, and
   * below 0.8 where the speaker is not known.
   */
  confidence: number;
  /** Those who fit a pronoun or a description, the best first. Only where `options.explain` is true. */
  candidates?: readonly Candidate[];
  /** The rules that led to the quote, in order. Only where `options.explain` is true. */
  explain?: readonly Rule[];
  /**
   * The decisions that led to the quote: what won, what came second, and the features that weighed most. Only
   * where `options.explain` is true. For people who debug a result: names and weights change between versions.
   */
  decisions?: readonly Decision[];
  /**
   * The id of the quote that this one says again, where it is a pull quote: a block set apart whose words are
   * in another quote. Its speaker is that one's, whose `quotes` do not list it. Else left out.
   */
  repeats?: string;
}

/** Somebody who is quoted. */
export interface Speaker {
  /** The speaker's name in this answer. */
  id: string;
  /** The fullest form of the name in the text, or the description of who has no name. */
  name: string;
  kind: "person" | "organization" | "group" | "unknown";
  /** The role or affiliation that the text gives. */
  description: string | null;
  /** Other forms of the name in the text. */
  aliases: readonly string[];
  /** Where the text mentions the speaker. */
  mentions: readonly Span[];
  /** The ids of the speaker's quotes. */
  quotes: readonly string[];
}

/** Something about the article that makes it likely that quotes are missed or wrong. */
export interface Warning {
  /**
   * What it is about. Later versions can add codes, so a client treats one that it does not know as a warning
   * without a code. Codes of this version:
   *
   * - `language`: the text is probably not in English.
   * - `capitals`: the text is written in capitals, or without any.
   * - `form`: the text looks like a transcript or an interview whose labels the service could not use.
   * - `encoding`: characters were lost, or decoded with the wrong encoding.
   * - `truncated`: the article ends at a paywall, in an ellipsis or in the middle of a sentence.
   */
  code: string;
  /** What was found, and what to do, in a sentence or two for people. */
  detail: string;
}

/** The model that reads the articles. */
export interface Model {
  name: string;
  version: string;
  /**
   * What it computes with: `float32`, or what is faster on the service's processor, as `int8-avx2` or
   * `bf16-amx`. Services that differ in it alone give the same quotes, but for a few in a thousand.
   */
  arithmetic: string;
}

/** Who answers. */
export interface Service {
  /** Pullquote's version. */
  version: string;
  model: Model;
}

/** The quotes of one article, and who spoke them. */
export interface Report {
  article: Article;
  /** In text order. */
  quotes: readonly Quote[];
  /** In order of first quote. */
  speakers: readonly Speaker[];
  /** What makes it likely that quotes of this article are missed or wrong; empty for most articles. */
  warnings: readonly Warning[];
  service: Service;
  /**
   * The fields of a batch's line that a request does not have, as they were sent. Only in a batch's answer, and
   * only where there are such fields.
   */
  extra?: Record<string, unknown>;
}

/** A quote's marks, what is reported without marks, or the article's own words. */
export type FoundIn = "quote" | "paraphrase" | "narration";

/** A speaker of the answer whom a printed speaker may stand for. */
export interface Suggestion {
  /** The speaker's id. */
  speaker: string;
  /** The speaker's name. */
  name: string;
  /**
   * How the two are alike: by `spelling` ("Aldar" for Alder), as a `short-form` ("Tom B." for Tom Brandt), or
   * as a body and its `spokesperson` ("the ministry" for the ministry's spokesman, or the other way round).
   */
  likeness: "spelling" | "short-form" | "spokesperson";
}

/** One difference between the article and the printed quote. */
export interface Change {
  /**
   * Of no weight: marks, dashes, spaces or letters otherwise spelled (`spelling`), other punctuation
   * (`punctuation`), the article's own words left out between two pieces of one quote (`joined`). Newsroom
   * style: a capital or a small letter (`capital`), words cut and an ellipsis in their place (`ellipsis`),
   * words in brackets added (`bracket-insertion`) or in place of others (`bracket-replacement`), two quotes
   * made one (`merged`). Other words: `changed`, `added`, `dropped`. And what is printed as direct and is not
   * (`unquoted`).
   */
  kind: "spelling" | "punctuation" | "capital" | "joined" | "merged" | "ellipsis" | "bracket-insertion" | "bracket-replacement" | "changed" | "added" | "dropped" | "unquoted";
  /** The span of the article. Null where there is nothing in it. */
  original: Span | null;
  /** The span of the printed quote, offsets into its `text`. Null where there is nothing in it. */
  printed: Span | null;
  /**
   * What the change may do to the meaning: a negation comes or goes, a number is another one, a doubt ("may",
   * "perhaps") comes or goes, a question is none or one. Null where nothing of it is seen. Any of them makes
   * the wording `altered`.
   */
  meaning: "negation" | "number" | "hedge" | "question" | null;
}

/** A place of the article where the words stand. */
export interface Occurrence {
  found_in: FoundIn;
  /** The unbroken stretches of the article that the printed quote is made of, in its order. */
  originals: readonly Span[];
  /** The ids of the quotes that these stretches are of. */
  quotes: readonly string[];
  /** The ids of the speakers who say them here. */
  said_by: readonly string[];
}

/** What is to be said of one printed quote. */
export interface Check {
  /** The printed quote, as it was sent. */
  text: string;
  /** The printed speaker, as it was sent. */
  speaker: string | null;
  /**
   * The gravest thing that is to be said of it, the gravest first: the words are not in the article
   * (`not-found`); they are the article's own and nobody's (`narration`); another speaker says them
   * (`speaker-differs`); the article reports that they were *not* said, or that the speaker denied them
   * (`denied`); it only paraphrases them, at least in part (`paraphrase`); words were changed, added or dropped
   * (`altered`); the article does not tell who says them (`speaker-unknown`); they differ only by what newsroom
   * style does, see `changes` (`edited`); every letter, digit and emoji is the speaker's, in their order
   * (`verbatim`).
   */
  verdict: "verbatim" | "edited" | "altered" | "paraphrase" | "narration" | "speaker-differs" | "speaker-unknown" | "denied" | "not-found";
  /** Whether the words are the article's, wherever they stand. Null where they were not found. */
  wording: "verbatim" | "edited" | "altered" | null;
  /**
   * Whether the words that are printed as direct stand in a quote's marks (`quote`), in nobody's words but the
   * article's (`narration`), or in what it reports without marks, at least in part (`paraphrase`). Null where
   * they were not found.
   */
  found_in: FoundIn | null;
  /**
   * Whether those who say the words in the article are the printed speaker (`same`), or another one
   * (`differs`). It may not tell who (`unknown`), it may report that they were not said or were denied
   * (`denied`), and no speaker may be printed (`not-given`). Null where the words were not found.
   */
  attribution: "same" | "differs" | "unknown" | "denied" | "not-given" | null;
  /** The unbroken stretches of the article that the printed quote is made of, in its order. */
  originals: readonly Span[];
  /** The ids of the quotes that these stretches are of. */
  quotes: readonly string[];
  /** The ids of the speakers who say them here. */
  said_by: readonly string[];
  /** The ids of the speakers whom the printed speaker may mean. Empty where nobody who is quoted fits. */
  meant: readonly string[];
  /**
   * Speakers whom the printed speaker may stand for, at most three, where it fits nobody who says the words. A
   * suggestion changes no verdict.
   */
  did_you_mean: readonly Suggestion[];
  /** Every difference, in the printed quote's order; `unquoted` stretches come last. */
  changes: readonly Change[];
  /** Other places of the article where the words stand as well as here, at most four. */
  elsewhere: readonly Occurrence[];
}

/** What is to be said of each printed quote, and the report that it rests on. */
export interface Verification {
  article: Article;
  /** In the order in which the printed quotes were sent. */
  checks: readonly Check[];
  /** In text order. */
  quotes: readonly Quote[];
  /** In order of first quote. */
  speakers: readonly Speaker[];
  /** What makes it likely that quotes of this article are missed or wrong; empty for most articles. */
  warnings: readonly Warning[];
  service: Service;
}

/** One thing that is wrong with a request. */
export interface Fault {
  /** Where it is in the request (JSON pointer, RFC 6901); empty for the request as a whole. */
  pointer: string;
  /** What is wrong with it. */
  detail: string;
}

/** What went wrong (RFC 9457). */
export interface Problem {
  /** A reference to the place in this document that describes this type of problem. */
  type: string;
  /** The type in words, the same for every problem of it. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What was wrong this time, what the limit is, what to do. */
  detail: string;
  /** How the service's log names the request, as in the header `X-Request-ID`. Not in a batch's answer. */
  request_id?: string;
  /** Which line of a batch it is about, from 1. Only in a batch's answer. */
  line?: number;
  /** Where a request is invalid, each fault that was found; of more than 20, the first 20. */
  errors?: readonly Fault[];
}
