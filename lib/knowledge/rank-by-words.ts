import MiniSearch from "minisearch";
import type { Passage } from "./passages.ts";

/** Shorter words begin too many others. */
const LEAST_PREFIX = 4;

/**
 * For each query the passages that share words with it, the best first (BM25+, as MiniSearch has it; a word of the query also
 * finds words that begin with it, for less).
 *
 * @returns [queries] indexes of passages
 */
export function rankByWords(passages: readonly Passage[], queries: readonly string[]): number[][] {
  const index = new MiniSearch<{ id: number; text: string }>({
    fields: ["text"],
    tokenize: wordsOf,
    processTerm: (term) => term,
  });
  index.addAll(passages.map(({ text }, id) => ({ id, text })));
  return queries.map((query) =>
    index
      .search([...new Set(wordsOf(query))].join(" "), { prefix: (term) => term.length >= LEAST_PREFIX })
      .map(({ id, score }) => ({ id: Number(id), score }))
      .sort((one, other) => other.score - one.score || one.id - other.id)
      .map(({ id }) => id),
  );
}

const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Words in lower case. Where a script writes no spaces they are looked up, which takes thirty times as long. */
function wordsOf(text: string): string[] {
  const runs =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return runs.flatMap((run) =>
    UNSPACED.test(run) ? Array.from(segmenter.segment(run), ({ segment }) => segment) : [run],
  );
}
