import { PIXEL_SIDE, PIXELS } from "../contracts/pixels.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Strategy } from "../contracts/task-schema.ts";

/** The task as those see it who write programs of a strategy: to `pixels` it is one without a model. */
export const taskFor = (strategy: Strategy, task: TaskFile): TaskFile =>
  strategy === PIXELS ? { ...task, features: { model: PIXELS } } : task;

const SPELLED: Record<ProgramLanguage, { signature: string; pixels: string }> = {
  javascript: { signature: "function label(row)", pixels: "row.pixels" },
  python: { signature: "def label_function(row):", pixels: 'row["pixels"]' },
};

const LAST = PIXEL_SIDE - 1;

/** What programs see of a row where they see pixels. */
export function pixelRowSection(language: ProgramLanguage): string {
  const { signature, pixels } = SPELLED[language];
  return `# The row
The program is \`${signature}\`. The row is a picture, of which the program sees one thing: \`${pixels}\`, its middle square made as small as ${PIXEL_SIDE} × ${PIXEL_SIDE} pixels. \`${pixels}[y][x]\` is a list of three whole numbers from 0 to 255, red, green and blue (sRGB). y goes from 0, the top, to ${LAST}, the bottom; x from 0, the left, to ${LAST}, the right. Every pixel is always there.
Each pixel is the mean of what it stands for: large forms and colours are kept, edges are soft, thin lines are pale, and what is finer than a thirtieth of the picture is gone. What was transparent is white. The picture may be a photograph or a drawing; the thing that it shows may fill it, stand anywhere in it, be cut off by its edges, and be seen from any side and in any light, on any ground.`;
}

export const PIXEL_ADVICE = `- No model looks at the picture: compute what tells. Begin with helper functions that turn a pixel into hue, saturation and brightness; name colours by ranges of these, and count shares of pixels, not single pixels.
- Tell the thing from its ground first: the ground is likely the colour that is most frequent along the edges. Then measure the thing apart: its colours, its size, the box around it, how full that box is, whether it touches the edges, how like its halves are to each other, how smooth or speckled it is.
- Use what such pictures look like in general: colours of living things, materials and skies; light from above; what has straight edges and what has round ones. Limits that you cannot know exactly, set where ordinary members of a class pass clearly and others mostly do not.
- One number decides little. Measure many, let each give points to classes, and ask for a lead. A measure must have a value for pictures without any thing, too: no division by zero.
- Few things can be told apart this way. Abstain on what could be anything, but vote wherever the evidence leans clearly to one class.`;

/** For `angles.ts`. */
export const PIXEL_ANGLES = [
  "Shares of colours. Name every pixel's colour by its hue, saturation and brightness; the shares of the thing's colours, its ground left out, give points to classes.",
  "The thing and its ground. Find the ground from the pixels along the edges, take the rest for the thing, and judge it by size, place, box, fullness and whether it touches the edges.",
  "Where colours lie. Cut the picture into bands, quarters, a middle and a rim; compare their mean colours, brightness and liveliness with each other and with what each class would have there.",
  "Form. The outline of the thing line by line: its width from top to bottom, how round, tall, pointed, branching or symmetrical it is, its holes, how many parts it falls into.",
  "Texture. Differences between neighbouring pixels: how many and how strong, across or down, in the thing and in its ground; smooth, speckled, striped, furry, leafy.",
  "Light. The distribution of brightness and of saturation: darkest and brightest parts, contrast, how pale or strong colours are, how many distinct colours there are.",
  "A weighted score. Fifteen or more measures of all kinds, each giving points to one or several classes when it lies in a range; answer when the best class is clearly ahead of the second.",
  "Prototypes. Six to ten measures of the whole picture, each divided by its usual spread; two or three typical points a class; answer with the nearest when it is clearly nearer than those of other classes.",
  "Exclusion. What each class cannot look like: colours, sizes, textures, places; answer when all classes but one are ruled out, and something speaks for that one.",
  "The harder classes. Begin with the two classes that are easiest to confuse and what separates them in colour, form and texture, then serve the others.",
];

export const PIXELS_FAST =
  "- It is fast: at most a few milliseconds a row. A few passes over the 1,024 pixels are enough; no loop over pairs of pixels. Build tables once, as constants at the top level.";
