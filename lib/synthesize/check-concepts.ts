import type { Concept } from "../contracts/concepts.ts";

/** Contract's bounds, and what a text tower reads whole: CLIP's context is 77 tokens with its marks. */
const MOST_CONCEPTS = 50;
const MOST_NAME = 100;
const FEWEST_DESCRIPTIONS = 2;
const MOST_DESCRIPTIONS = 50;
const MOST_CHARACTERS = 300;
const MOST_TOKENS = 60;

const WORDS = /\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;
const PLAIN = /^[a-z]+$/i;
/** Letters of one token in the rarest words that are words at all. */
const LETTERS_A_TOKEN = 3;

/** Tokens of a description, counted without a vocabulary and rather too many than too few. */
export function countedTokens(text: string): number {
  let tokens = 0;
  for (const word of text.match(WORDS) ?? []) {
    tokens += PLAIN.test(word) ? Math.ceil(word.length / LETTERS_A_TOKEN) : Buffer.byteLength(word);
  }
  return tokens;
}

/** What is wrong with names of concepts, in words that help to mend it; undefined where nothing is. */
export function namesProblem(names: readonly string[]): string | undefined {
  if (names.length < 1 || names.length > MOST_CONCEPTS) {
    return `it names ${names.length} concepts, and 1 to ${MOST_CONCEPTS} can be used`;
  }
  const bad = names.find((name) => name === "" || name.length > MOST_NAME || hasControls(name));
  if (bad !== undefined) {
    return `the concept ${shown(bad)} needs a name of 1 to ${MOST_NAME} characters on one line`;
  }
  const twice = repeated(names);
  return twice === undefined ? undefined : `it names the concept ${shown(twice)} twice`;
}

/** The same of whole concepts. */
export function conceptsProblem(concepts: readonly Concept[]): string | undefined {
  const problem = namesProblem(concepts.map(({ name }) => name));
  if (problem !== undefined) return problem;
  for (const { name, descriptions } of concepts) {
    const ofConcept = descriptionsProblem(descriptions);
    if (ofConcept !== undefined) return `the concept ${shown(name)} ${ofConcept}`;
  }
  return undefined;
}

function descriptionsProblem(descriptions: readonly string[]): string | undefined {
  const { length } = descriptions;
  if (length < FEWEST_DESCRIPTIONS || length > MOST_DESCRIPTIONS) {
    return `has ${length} descriptions, and ${FEWEST_DESCRIPTIONS} to ${MOST_DESCRIPTIONS} can compete`;
  }
  const twice = repeated(descriptions);
  if (twice !== undefined) return `has the description ${shown(twice)} twice`;
  for (const text of descriptions) {
    if (text === "" || hasControls(text)) return `has the description ${shown(text)}, which says nothing`;
    if (text.length > MOST_CHARACTERS || countedTokens(text) > MOST_TOKENS) {
      return `has a description that is too long to be read whole (${shown(text)}); use at most twenty words`;
    }
  }
  return undefined;
}

/** The first that occurred before, whatever its case: to a text tower they are the same. */
function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const text of texts) {
    const folded = text.toLowerCase();
    if (seen.has(folded)) return text;
    seen.add(folded);
  }
  return undefined;
}

const hasControls = (text: string): boolean => /\p{Cc}/u.test(text);
const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
