import { type Html, html } from "./html.ts";
import { shortened } from "./numbers.ts";

/** Classes that charts tell apart by colour; those with fewer rows share one. */
const COLOURS = 7;

/** Which classes get a colour of their own, the most frequent first. */
export interface Palette {
  /** The group of a class: its name, or that of the others. */
  groupOf(label: number): string;
  groups: string[];
  colours: string[];
  legend: Html;
}

/** @param rows [classes] */
export function paletteOf(classes: readonly string[], rows: readonly number[]): Palette {
  const byRows = [...classes.keys()].sort((one, other) => rows[other] - rows[one] || one - other);
  const own = byRows.slice(0, classes.length > COLOURS + 1 ? COLOURS : COLOURS + 1);
  const rest = classes.length - own.length;
  // A class of that name would be taken for the rest.
  const others = `${rest} other classes`;
  const groups = [...own.map((label) => classes[label]), ...(rest > 0 ? [others] : [])];
  return {
    groupOf: (label) => (own.includes(label) ? classes[label] : others),
    groups,
    colours: groups.map((_, index) => `var(--c${index})`),
    legend: html`<ul class="legend">${groups.map((name, index) => html`<li><i class="swatch c${index}"></i><bdi>${shortened(name, 40)}</bdi></li>`)}</ul>`,
  };
}
