/** Tokens a text tower reads at most, with those that begin and end it. */
export const CONTEXT_LENGTH = 77;

const MERGES = 48_894;

/** Turns texts into CLIP's token ids. */
export interface Tokenizer {
  /** Ids with begin and end marks around them, as many as the text has. */
  encode(text: string): number[];
  /** [length] ids, cut where the text is too long, zeros behind. */
  padded(text: string, length?: number): number[];
}

/**
 * CLIP's byte-pair encoding: lower case, words split by a pattern, each word's UTF-8 bytes merged by rank (Radford et al. 2021).
 *
 * @param vocabulary the published list of merges, one a line after a first line that names its version
 */
export function clipTokenizer(vocabulary: string): Tokenizer {
  const bytes = byteLetters();
  const merges = vocabulary.split("\n").slice(1, MERGES + 1);
  const ranks = new Map(merges.map((merge, rank) => [merge, rank]));
  const tokens = [
    ...bytes,
    ...bytes.map((letter) => `${letter}</w>`),
    ...merges.map((one) => one.replace(" ", "")),
  ];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const begin = tokens.length;
  const end = begin + 1;
  const letterOf = new Map(byteOrder().map((byte, index) => [byte, bytes[index]]));
  const known = new Map<string, number[]>();

  const wordIds = (word: string): number[] => {
    const before = known.get(word);
    if (before) return before;
    const letters = [...new TextEncoder().encode(word)].map((byte) => letterOf.get(byte) as string);
    letters[letters.length - 1] += "</w>";
    const found = merged(letters, ranks).map((token) => ids.get(token) as number);
    known.set(word, found);
    return found;
  };

  const encode = (text: string): number[] => {
    const clean = text.replace(/\s+/g, " ").trim().toLowerCase();
    const words = clean.match(WORDS) ?? [];
    return [begin, ...words.flatMap(wordIds), end];
  };

  return {
    encode,
    padded(text, length = CONTEXT_LENGTH) {
      const found = encode(text);
      const kept = found.length > length ? [...found.slice(0, length - 1), end] : found;
      return [...kept, ...new Array<number>(length - kept.length).fill(0)];
    },
  };
}

const WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;

/** Merges neighbours, those of the lowest rank first, until no pair is known. */
function merged(letters: string[], ranks: ReadonlyMap<string, number>): string[] {
  let parts = letters;
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    let pair = "";
    for (let at = 0; at + 1 < parts.length; at++) {
      const candidate = `${parts[at]} ${parts[at + 1]}`;
      const rank = ranks.get(candidate);
      if (rank !== undefined && rank < best) {
        best = rank;
        pair = candidate;
      }
    }
    if (pair === "") return parts;
    const next: string[] = [];
    for (let at = 0; at < parts.length; at++) {
      const isPair = at + 1 < parts.length && `${parts[at]} ${parts[at + 1]}` === pair;
      next.push(isPair ? parts[at] + parts[at + 1] : parts[at]);
      if (isPair) at += 1;
    }
    parts = next;
  }
}

/** Bytes in the vocabulary's order: those that are letters to the eye first. */
function byteOrder(): number[] {
  const isVisible = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  return [...all.filter(isVisible), ...all.filter((byte) => !isVisible(byte))];
}

/** The letter that stands for each byte of `byteOrder`: itself, or one of those from 256 on. */
function byteLetters(): string[] {
  const order = byteOrder();
  const visible = order.findIndex((byte, index) => index > 0 && byte < order[index - 1]);
  return order.map((byte, index) => String.fromCodePoint(index < visible ? byte : 256 + index - visible));
}
