import type { PlotOptions } from "@observablehq/plot";
import { type Html, html, trusted } from "./html.ts";

/** Pixels across: what a narrow telephone shows without shrinking the text. */
const WIDTH = 340;

export type Plot = typeof import("@observablehq/plot");

/** Draws a chart; `says` is what someone hears who does not see it. */
export interface Chart {
  title: string;
  says: string;
  options: PlotOptions;
  legend?: Html;
}
export type Draw = (chart: Chart) => Html;

/** Plot and a document for it: loaded when the first report is written, not when a function boots. */
export async function drawing(): Promise<{ Plot: Plot; draw: Draw }> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const draw: Draw = ({ title, says, options, legend }) => {
    // Plot's types know browsers' documents only; what it needs of one, this one has.
    const svg = Plot.plot({ width: WIDTH, document: document as never, ...options }) as unknown as SvgElement;
    return html`<figure><figcaption>${title}</figcaption>${legend}<div class="wide" tabindex="0" role="img" aria-label="${`${title}. ${says}`}">${cleaned(svg)}</div></figure>`;
  };
  return { Plot, draw };
}

/** As much of an element as is needed here. */
interface SvgElement {
  attributes: ArrayLike<{ name: string }>;
  outerHTML: string;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  remove(): void;
}

/** Without styles, which the page's policy forbids, and without a second text beside the picture's own. */
function cleaned(svg: SvgElement): Html {
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name } of Array.from(element.attributes)) {
      if (/^(style|class|aria-)/.test(name)) element.removeAttribute(name);
    }
  }
  svg.setAttribute("aria-hidden", "true");
  return trusted(svg.outerHTML);
}
