import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { aboutModel } from "./image-prompts.ts";
import { requestOf } from "./prompts.ts";

/** Behind the calls of all strategies, so that no seed is another's. */
const FIRST_CALL = 9_001;

const SYSTEM = `You are an expert on the subject below and on image-text models of CLIP's kind. Such a model compares a picture with short English descriptions and says which of them fits best. You choose what it is asked; small programs then label each picture by its answers alone. You see no picture.`;

/** The first step: which visual concepts tell the classes apart. */
export const conceptNamesRequest = (task: TaskFile): ModelRequest =>
  requestOf(
    task,
    FIRST_CALL,
    SYSTEM,
    `${subject(task)}

# What to write
Name the visual concepts by which somebody who sees only the picture can tell these classes apart: six to ten, the most telling first.
- Begin with what the picture shows as a whole: the kind of thing in it.
- Go on with concepts that each separate at least two of the classes: parts and their shape, colours, texture and covering, posture or arrangement, number, size beside other things.
- Prefer what belongs to the thing itself over what usually surrounds it: surroundings may be others elsewhere. At most two concepts may be about surroundings.
- Only what an image-text model can see in an ordinary photograph or drawing; nothing about names, taste, behaviour over time or measurements.
- No concept twice in other words.

Write a JSON list of strings, each a concept's name of one to four words, in one \`\`\`json code block, and nothing before or after it.`,
  );

/** The second step: descriptions that compete for each concept. */
export const descriptionsRequest = (task: TaskFile, names: readonly string[]): ModelRequest =>
  requestOf(
    task,
    FIRST_CALL + 1,
    SYSTEM,
    `${subject(task)}

# The concepts
${names.map((name) => `- ${JSON.stringify(name)}`).join("\n")}

# What to write
For each concept, the descriptions that compete for a picture: four to twelve, of which ideally one fits any picture of these classes.
- What the model says of one concept adds up to one over its descriptions: they must exclude each other, and what is true of all classes tells nothing.
- Cover every class. Where members of a class differ, give each usual look a description of its own. Add one for what none of the others fits.
- Write them as captions are written, in English, concrete and visual, of the same form and about the same length: "a photo of a bird with a long curved beak". At most twenty words.
- In the first concept, say what the picture shows; the classes' own names and their common sub-kinds may stand there. In the others name no class: describe.

Write one JSON object in one \`\`\`json code block, and nothing before or after it: each concept's name, spelled exactly as above, with the list of its descriptions.`,
  );

const subject = ({ description, classes, features }: TaskFile): string => `# Task
${description}
The rows are pictures.

# Classes
${classes.map((one) => `- ${JSON.stringify(one.name)}${one.description && `: ${one.description}`}`).join("\n")}${aboutModel(features)}`;
