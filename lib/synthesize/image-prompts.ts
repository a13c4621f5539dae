import type { Concept } from "../contracts/concepts.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import type { TaskFile } from "../contracts/task-file.ts";

/** What programs of an image task see of a row. */
export function imageRowSection(
  concepts: readonly Concept[],
  features: TaskFile["features"],
  language: ProgramLanguage,
): string {
  const { signature, scores } = SPELLED[language];
  return `# The row
The program is \`${signature}\`. The row is a picture, of which the program sees one thing: \`${scores}[concept][description]\`, how well an image-text model thinks that each description fits. Concepts and descriptions, spelled exactly:
${concepts.map((concept) => listed(concept, scores)).join("\n")}
Every score is always there: a number from 0 to 1. Within one concept the descriptions compete, and their scores add up to 1 (a softmax). So a score says that a description fits better than its rivals, not that it fits well: of a concept that does not apply to the picture one description still comes out highest, by chance.
What a number means depends on how many compete: with n descriptions, 1/n says nothing. Judge a score by its ratio to 1/n, by its rank within the concept, and by its lead over the second; never by a limit that is the same for concepts of different n. You do not know how sharp this model is: it may put 0.9 on a clear winner, or barely twice 1/n. Limits of two to three times 1/n, or leads of half as much again, hold for both.${aboutModel(features)}`;
}

/** What the user says of the image-text model, as a section of its own. */
export const aboutModel = (features: TaskFile["features"]): string =>
  features?.about === undefined ? "" : `\n\n# The image-text model\n${features.about}`;

const SPELLED: Record<ProgramLanguage, { signature: string; scores: string }> = {
  javascript: { signature: "function label(row)", scores: "row.scores" },
  python: { signature: "def label_function(row):", scores: 'row["scores"]' },
};

const listed = ({ name, descriptions }: Concept, scores: string): string =>
  `- ${scores}[${JSON.stringify(name)}], ${descriptions.length} descriptions, 1/n = ${(1 / descriptions.length).toFixed(3)}:\n${descriptions
    .map((one) => `  - ${JSON.stringify(one)}`)
    .join("\n")}`;

export const IMAGE_ADVICE = `- Image-text models name things, materials, colours and scenes well; they count badly, know no left and right, and read fine parts only of large things. Give such concepts less weight.
- Most descriptions say something about several classes. Set out at the top level, for each concept, which classes each description speaks for and how strongly, and let every concept add to the classes' evidence.
- Surroundings may be others in other pictures of the same class: let them confirm what the thing itself says, and never decide alone.`;
