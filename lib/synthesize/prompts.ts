import type { Column } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
import { seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { angleOf } from "./angles.ts";
import { IMAGE_ADVICE, imageRowSection } from "./image-prompts.ts";
import { KNOWLEDGE } from "./knowledge-kinds.ts";
import { PIXEL_ADVICE, PIXELS_FAST, pixelRowSection, taskFor } from "./pixel-prompts.ts";
import { callNumber, isStudied, type PlannedProgram, type StudiedStrategy } from "./planned-programs.ts";
import { PYTHON_SYSTEM, pythonClasses, pythonRow, pythonRules, valuesSeen } from "./python-prompt.ts";
import { passagesSection, rowsSection, type Shown } from "./shown-sections.ts";

/** A column as prompts describe it; never a value. */
export interface PromptColumn {
  name: string;
  kind?: Column["kind"];
  note?: string;
  /** Of the one column of an image task: what its scores are of. */
  concepts?: readonly Concept[];
}

/** Bound on a reply's length, in tokens: twice what a long program takes, and within what usual models allow. */
const MOST_REPLY_TOKENS = 8_192;
/** Bound after a reply that was all thinking: some models need the room before they write. */
const MOST_REPLY_TOKENS_AGAIN = 16_384;

const SYSTEM = `You are an expert at weak supervision: you write small JavaScript programs that label rows of data.
A program sees one row at a time. It returns the name of the class it is confident of, or null to abstain. It runs unattended on every row of a large data set, and its votes are combined with those of other programs, written separately by others, so what counts is that it is right when it votes, that it votes often, and that it does not repeat the mistakes that everybody makes.`;

/** Asks for one program. `knowledge` is what an earlier call of its strategy brought. */
export function programRequest(
  asked: TaskFile,
  columns: readonly PromptColumn[],
  planned: PlannedProgram,
  knowledge: string,
  { rows = [] }: Shown = {},
): ModelRequest {
  const task = taskFor(planned.strategy, asked);
  const seesRows = rows.length > 0;
  const call = callNumber(planned);
  const isPython = task.synthesis.language === "python";
  const sections = [
    taskSection(task),
    rowSection(task, columns, seesRows),
    ...(seesRows ? [rowsSection(rows)] : []),
    ...(isStudied(planned.strategy)
      ? [`# Background: ${KNOWLEDGE[planned.strategy].title}\n${knowledge}`]
      : []),
    adviceSection(task, seesRows),
    isPython ? pythonRules(task, columns) : rulesSection(task),
    `# This program
It is one of several; each looks at the rows from an angle of its own. This is ${planned.id}, and its angle:
${angleOf(rowsOf(task), planned.strategy === "pixels" ? planned.number : call)}
The angle says where to look first, not where to stop: use other clear evidence too.

Write the whole program in one \`\`\`${task.synthesis.language} code block, and write nothing before or after it.`,
  ];
  return requestOf(task, call, isPython ? PYTHON_SYSTEM : SYSTEM, sections.join("\n\n"));
}

/** Asks for what a strategy's programs are then given to read. */
export function knowledgeRequest(
  task: TaskFile,
  columns: readonly PromptColumn[],
  strategy: StudiedStrategy,
  { passages = [] }: Shown = {},
): ModelRequest {
  const sections = [
    taskSection(task),
    rowSection(task, columns),
    ...(strategy === "retrieval" ? [passagesSection(passages)] : []),
    `# What to write
${KNOWLEDGE[strategy].instruction}
Treat every class with the same care. Write what is true of such rows in general, whatever their source, period or author. Use at most 900 words, plain text, no code and no closing remarks.`,
  ];
  const { model, knowledgeModel = model } = task.synthesis;
  return requestOf(
    { synthesis: { ...task.synthesis, model: knowledgeModel } },
    callNumber({ strategy, number: 0 }),
    "You are an expert on the subject below. You write reference notes for programmers who will write small rule-based classifiers and see no data.",
    sections.join("\n\n"),
  );
}

/** Sends a reply back with what is wrong with it. */
export function repairRequest(
  request: ModelRequest,
  reply: { text: string; finishReason: string },
  complaint: string,
): ModelRequest {
  const thoughtOnly = reply.finishReason === "length" && reply.text.trim() === "";
  return {
    ...request,
    messages: [
      ...request.messages,
      { role: "assistant", content: reply.text || "(no text)" },
      {
        role: "user",
        content: `This cannot be used: ${complaint}.\nAnswer the same request again, whole and corrected, in the form that it asks for. All its rules still hold.`,
      },
    ],
    maxTokens: thoughtOnly ? MOST_REPLY_TOKENS_AGAIN : request.maxTokens,
  };
}

/** A request of a task, to be answered once. @param call its position among all that a task can make */
export const requestOf = (
  { synthesis }: Pick<TaskFile, "synthesis">,
  call: number,
  system: string,
  user: string,
): ModelRequest => ({
  model: synthesis.model,
  messages: [
    { role: "system", content: system },
    { role: "user", content: user },
  ],
  temperature: synthesis.temperature,
  seed: synthesis.seed + call,
  maxTokens: MOST_REPLY_TOKENS,
});

const taskSection = (task: TaskFile): string => `# Task
${task.description}

${task.synthesis.language === "python" ? pythonClasses(task) : classesSection(task)}`;

const classesSection = ({ classes }: TaskFile): string => `# Classes
The program returns one of these strings, spelled exactly so, or null to abstain:
${classes.map((one) => `- ${JSON.stringify(one.name)}${one.description && `: ${one.description}`}`).join("\n")}`;

const VALUES: Record<Column["kind"], string> = {
  number: "a number, or null where the cell is empty",
  text: "a string, or null where the cell is empty",
  json: "a number, a string, or null where the cell is empty",
};

function rowSection(task: TaskFile, columns: readonly PromptColumn[], seesRows = false): string {
  const { language } = task.synthesis;
  if (seesPixels(task)) return pixelRowSection(language);
  if (task.modality === "image") return imageRowSection(columns[0].concepts ?? [], task.features, language);
  if (language === "python") return pythonRow(task, columns, seesRows);
  const listed = columns
    .map(
      ({ name, kind, note }) =>
        `- row[${JSON.stringify(name)}]: ${VALUES[kind ?? "json"]}${note ? `. ${note}` : ""}`,
    )
    .join("\n");
  if (task.modality === "text") {
    const more = columns.length > 0 ? `\nThe row has these properties too:\n${listed}` : "";
    return `# The row
The program is \`function label(row)\`. \`row.text\` is always a string: the whole text of one example as it was found. It may be empty or very long, have one line or hundreds, and hold headers, markup, entities, quoted passages, misspellings and any Unicode. Nothing was cleaned.${more}`;
  }
  return `# The row
The program is \`function label(row)\`. \`row\` has one property for each column of a table:
${listed}
Compute with a value only after you have checked its type: null in arithmetic counts as 0 and would vote wrongly. ${valuesSeen(seesRows)}`;
}

const adviceSection = (task: TaskFile, seesRows: boolean): string => `# How to decide
- ${seesRows ? "You are shown few rows and no label, so draw above all on" : "You are shown no rows, so draw on"} all you know of the subject. Prefer evidence that holds wherever such rows come from over marks of one source, year or person.
- Precision first: vote where you would expect at least eight such votes in ten to be right. Abstain where evidence is missing or contradictory, rather than guess.
- But breadth too: a program that nearly always abstains is useless. Use dozens of independent pieces of evidence, so that it decides most of the rows that somebody could decide from its angle.
- Serve every class. Each needs evidence of its own; do not return a class only because nothing else matched. Where a class means that something is absent, its evidence is what ordinary members look like, or a row with enough content to judge and no sign at all of the other classes.
- Weigh the evidence for all classes before you answer; the first match is not the best one. The best class has to be ahead of the second.
${ADVICE[rowsOf(task)]}`;

const TEXT_ADVICE = `- Ask for as much evidence as the text can offer. In one sentence a single clear sign is enough; in pages, where chance alone brings matches, ask for several distinct signs, or for signs by length.
- Match whole words, whatever their case, with their usual inflections and spellings, in the language that the rows are likely to be in; \\b knows no letters beyond a to z.`;

const RECORD_ADVICE = `- A missing value is no evidence for any class; decide from the other columns where they suffice.
- Name the numbers: concrete limits from what you know of the subject, in the units of the columns, with a gap between classes in which the program abstains.`;

const ADVICE = { text: TEXT_ADVICE, record: RECORD_ADVICE, image: IMAGE_ADVICE, pixels: PIXEL_ADVICE };

/** What a task's rows are to those who write programs. */
const rowsOf = (task: TaskFile): keyof typeof ADVICE => (seesPixels(task) ? "pixels" : task.modality);

const rulesSection = (task: TaskFile): string => `# Rules, checked by machine before the program runs
- One plain script, at most 32 KB, that defines \`function label(row)\` at its top level. Helper functions and constants beside it are welcome.
- Every path of label returns ${task.classes.length > 6 ? "one of the class strings" : task.classes.map(({ name }) => JSON.stringify(name)).join(" or ")}, or null: never undefined, a number, or a string of another spelling.
- The answer depends on the row alone: no state is kept between calls, no clock, no randomness.
- Not available: import, require, export, input and output, network, timers, console, Date, Math.random, async, await, Promise, generators, eval, Function, Proxy, Reflect, Intl and toLocale methods, WebAssembly, typed arrays, BigInt, the with statement.
- It never throws, whatever the row holds.
${FAST[rowsOf(task)]}`;

const FAST_WITH_TEXT = `- It is fast: well under a millisecond for a usual row. Build regexes, Sets and lists once, as constants at the top level. One regex with alternatives beats a loop over many. Nothing that backtracks without bound: no nested quantifiers, no .* beside .*. Of a very long text read the first 20,000 characters.
- A regex with the g or y flag remembers its position: keep none at the top level, and call neither test nor exec on one. To count distinct matches write new Set(text.toLowerCase().match(/\\b(?:one|other)\\b/g)).size inside a function.`;

const FAST = {
  text: FAST_WITH_TEXT,
  record: FAST_WITH_TEXT,
  image:
    "- It is fast: well under a millisecond a row. Build tables of weights once, as constants at the top level.",
  pixels: PIXELS_FAST,
};
