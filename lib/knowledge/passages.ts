/** A piece of a document that fits a prompt beside others. */
export interface Passage {
  document: string;
  /** Its place in the document, from 1. */
  number: number;
  text: string;
}

/** Some ten sentences: enough to say something, and few enough that a prompt has room for every class. */
export const MOST_OF_A_PASSAGE = 1_000;

/**
 * A document's text cut where it pauses: whole paragraphs together up to the bound, a heading always with what follows it,
 * and a paragraph that is longer at the ends of sentences.
 */
export function passagesOf(text: string): string[] {
  const passages: string[] = [];
  let open = "";
  const close = () => {
    if (open !== "") passages.push(open);
    open = "";
  };
  for (const paragraph of paragraphsOf(text)) {
    if (paragraph.startsWith("#") || open.length + 2 + paragraph.length > MOST_OF_A_PASSAGE) close();
    for (const piece of piecesOf(paragraph)) {
      if (open.length + 2 + piece.length > MOST_OF_A_PASSAGE) close();
      open = open === "" ? piece : `${open}\n\n${piece}`;
    }
  }
  close();
  return passages;
}

const paragraphsOf = (text: string): string[] =>
  text
    .replace(/\r\n?/g, "\n")
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");

function piecesOf(paragraph: string): string[] {
  const pieces: string[] = [];
  let rest = paragraph;
  while (rest.length > MOST_OF_A_PASSAGE) {
    const cut = lastPause(rest.slice(0, MOST_OF_A_PASSAGE));
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** Where a window of text is best cut: behind a sentence, else a word, else at its end, and never inside a character. */
function lastPause(window: string): number {
  for (const pause of [/[.!?。！？]["')\]]?\s|\n|[。！？]/g, /\s/g]) {
    const last = [...window.matchAll(pause)].at(-1);
    const cut = last === undefined ? 0 : last.index + last[0].length;
    if (cut > window.length / 2) return cut;
  }
  return /[\ud800-\udbff]$/.test(window) ? window.length - 1 : window.length;
}
