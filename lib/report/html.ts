/** Markup that is safe to stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

type Piece = string | number | Html | readonly Piece[] | false | null | undefined;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template whose values are text unless they are markup themselves: what programs, rows and names hold can end no
 * element and begin none. Lists are joined; nothing, null and false leave nothing.
 */
export const html = (literals: TemplateStringsArray, ...values: Piece[]): Html => ({
  markup: String.raw({ raw: literals }, ...values.map(markupOf)),
});

/** Markup that another library made; never anything that a user, a model or a row wrote. */
export const trusted = (markup: string): Html => ({ markup });

function markupOf(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return "";
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return String(piece);
  return "markup" in piece ? piece.markup : piece.map(markupOf).join("");
}

/** What shows nothing, or turns text around: written out, as in `\u202e`, so that the eye is not fooled. */
const UNSEEN = /[^\P{Cc}\t\n\r]|[\u200b\u2028-\u202e\u2060-\u2069\ufeff]/gu;

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[&<>"']/g, (unit) => ESCAPES[unit]);
