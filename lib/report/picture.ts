import type { ShownPicture } from "../publish/shown-pictures.ts";
import { type Html, html } from "./html.ts";
import { percent, shortened } from "./numbers.ts";

/** Concepts of a picture, and descriptions of a concept, that a row shows. */
const CONCEPTS = 12;
const DESCRIPTIONS = 3;
/** Characters of names that a row shows. */
const NAME = 80;

/** A row's picture as it was looked at, and the scores that programs see of it. */
export function pictureOf({ name, thumbnail, scores }: ShownPicture): Html {
  return html`${
    thumbnail &&
    html`<img src="data:image/jpeg;base64,${Buffer.from(thumbnail).toString("base64")}" width="96" height="96" alt="${`Picture ${shortened(name, NAME)}, its middle square`}">`
  }${
    scores &&
    html`<dl class="scores">${scores
      .slice(0, CONCEPTS)
      .map(
        ([concept, descriptions]) =>
          html`<dt><bdi>${shortened(concept, NAME)}</bdi></dt><dd>${descriptions
            .slice(0, DESCRIPTIONS)
            .map(
              ([description, score], at) =>
                html`${at > 0 && ", "}<bdi>${shortened(description, NAME)}</bdi> ${percent(score)}`,
            )}</dd>`,
      )}</dl>${scores.length > CONCEPTS && html`<p class="faint">${CONCEPTS} of ${scores.length} concepts.</p>`}`
  }`;
}
