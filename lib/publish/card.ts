import { type Choice, LEAST_ROWS_TO_CHOOSE } from "../contracts/gold.ts";
import type { Receipt } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { cell } from "./markdown.ts";
import { strategyLines } from "./strategy-lines.ts";
import { verdictLines } from "./verdict-lines.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const count = (rows: number) => rows.toLocaleString("en");
const dollars = (usd: number | null) => (usd === null ? "unknown" : `$${usd.toFixed(usd < 0.01 ? 6 : 4)}`);

/** card.md: what the labels are and how to judge them, for whoever finds them later. */
export function cardOf(task: Pick<TaskFile, "name" | "description" | "classes">, receipt: Receipt): string {
  const { data, labels, labelModel, languageModel, programs } = receipt;
  const rejected = Object.entries(data.rejected);
  const labeled = data.rows - labels.unlabeled;
  const lines = [
    `# ${cell(task.name)}: pseudolabels of ${cell(data.file)}`,
    "",
    cell(task.description),
    "",
    "These labels were made by programs that a language model or a person wrote, not by people reading the rows. A label model weighed the programs' votes; `confidence` is its estimate, not a measured accuracy.",
    "",
    "| class | meaning | rows | share of labeled rows |",
    "|---|---|---:|---:|",
    ...task.classes.map(({ name, description }) => {
      const rows = labels.classes[name] ?? 0;
      return `| ${cell(name)} | ${cell(description)} | ${count(rows)} | ${percent(labeled > 0 ? rows / labeled : 0)} |`;
    }),
    `| (none) | no label | ${count(labels.unlabeled)} | |`,
    "",
    `- Rows: ${count(data.rows)}, of which ${count(labeled)} got a label (coverage ${percent(labels.coverage)}).`,
    ...endModelNotes(receipt),
    `- Rows that could not be used: ${rejected.length === 0 ? "none" : rejected.map(([reason, { rows }]) => `${count(rows)} ${reason}`).join(", ")}${rejected.length > 0 ? "; see rejected.jsonl" : ""}.`,
    `- Ids that stand more than once: ${count(data.duplicateIds.rows)} rows; without an id: ${count(data.missingIds.rows)} rows.`,
    `- Label model: ${labelModel.name}, fitted on ${count(labelModel.patterns)} distinct vote patterns; ${labelModel.goldRows ? `gold labels of ${count(labelModel.goldRows)} rows calibrated it` : "no gold label was used"}.`,
    `- The programs cost ${dollars(languageModel.usd)} (${count(languageModel.calls.length)} calls, ${count(languageModel.inputTokens)} tokens in, ${count(languageModel.outputTokens)} out${languageModel.estimated ? ", estimated" : ""}; prices of ${languageModel.prices.asOf}).`,
    ...pictureNotes(receipt),
    ...recordingNotes(receipt),
    "",
    ...verdictLines(receipt),
    "",
    ...strategyLines(receipt),
    "| program | coverage | overlap | conflict | estimated accuracy | weight | faults |",
    "|---|---:|---:|---:|---:|---:|---|",
    ...programs.map(
      ({ id, coverage, overlap, conflict, accuracy, weight, faults, firstFault, dropped }) =>
        `| ${cell(id)} | ${percent(coverage)} | ${percent(overlap)} | ${percent(conflict)} | ${accuracy === null ? "" : percent(accuracy)} | ${weight.toFixed(2)} | ${dropped ? "dropped: " : ""}${faultsOf(faults, firstFault)} |`,
    ),
    "",
    receipt.warnings.length === 0 ? "No warnings." : "## Warnings",
    "",
    ...receipt.warnings.map(({ message, remedy }) => `- ${cell(message)} ${cell(remedy)}`),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** Which source labeled what, where an end model had a say. */
function endModelNotes({ labels, endModel, features }: Receipt): string[] {
  if (!endModel) return [];
  const { choice, changed, alone } = endModel;
  const noVote = `since no program voted: ${count(alone)}`;
  const byModel = "By the end model alone (`source: endModel`)";
  const sources = {
    both: `By programs and end model together (\`source: programs\`): ${count(labels.covered)} rows, of which the end model changed ${count(changed)}. ${byModel}, ${noVote}.`,
    endModel: `${byModel}: all rows; it changed ${count(changed)} of the ${count(labels.covered)} that programs voted on.`,
    labelModel: `By programs (\`source: programs\`): ${count(labels.covered)} rows. ${byModel}, ${noVote}.`,
  };
  return [
    `- ${sources[choice?.labeler ?? "both"]}`,
    ...(choice && choice.rows >= LEAST_ROWS_TO_CHOOSE ? [choiceNote(choice)] : []),
    `- End model: ${endModel.name}, trained on ${features ? `embeddings by ${cell(features.model.name)} and ` : ""}the label model's labels of ${count(endModel.trainedOn)} rows. Of ${count(endModel.heldOut)} rows first held out it labeled ${percent(endModel.agreement)} as the label model does. It is yours: end-model.json, with end-model.mjs to use it.`,
  ];
}

const choiceNote = ({ rows, right }: Choice): string =>
  `- Gold labels of ${count(rows)} rows that the end model did not learn from chose so: both models together label ${percent(right.both)} of them right, the end model ${percent(right.endModel)}, the label model ${percent(right.labelModel)}.`;

/** What programs saw of pictures, and what had looked at them. */
const pictureNotes = ({ features }: Receipt): string[] =>
  features === undefined
    ? []
    : [
        features.concepts === undefined
          ? `- No model looked at the pictures: programs saw ${cell(features.model.kind)} pixels of each.`
          : `- Pictures were looked at with ${cell(features.model.name)} (kind ${cell(features.model.kind)}), and programs saw ${features.pixels === undefined ? "its scores alone" : `its scores, and ${cell(features.pixels)} pixels of each`}.`,
      ];

/** Who answered, where recordings say so. */
function recordingNotes({ languageModel }: Receipt): string[] {
  const notes = new Set(
    languageModel.calls.flatMap(({ note, recorded }) => (note ? [`${recorded.slice(0, 10)}: ${note}`] : [])),
  );
  return [...notes].map((note) => `- Replies recorded on ${cell(note)}`);
}

const faultsOf = (
  faults: Receipt["programs"][number]["faults"],
  firstFault: Receipt["programs"][number]["firstFault"],
): string =>
  Object.entries(faults)
    .filter(([, rows]) => rows > 0)
    .map(
      ([reason, rows]) =>
        `${count(rows)} ${reason} (first: row ${count(firstFault[reason as keyof typeof faults] ?? 0)})`,
    )
    .join(", ");
