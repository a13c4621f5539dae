/** Characters of a text that are read; what a text is about stands in its beginning. */
const MOST_CHARACTERS = 20_000;

/**
 * What counts as one token. Letters of scripts that write no spaces stand alone, so that pairs of them do what words do
 * elsewhere; of all others a run of letters, marks and digits; any other visible sign by itself: "!", "$", an emoji.
 */
export const TOKEN =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]|[[\p{L}\p{M}\p{N}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]+|[^\s\p{L}\p{M}\p{N}\p{C}]/gv;

/** The tokens of a text in its order; compatible characters are made equal (NFKC), and so are letters of either case. */
export const tokensOf = (text: string): string[] =>
  text.slice(0, MOST_CHARACTERS).normalize("NFKC").toLowerCase().match(TOKEN) ?? [];
