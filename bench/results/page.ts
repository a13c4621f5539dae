import type { HumanFigures, TaskFigures } from "./figures.ts";
import { paper } from "./paper.ts";
import { costTable, countTable, humanTable, modelTable, replayTable, strategyTable } from "./tables.ts";

/** What there is to tell, and of which tasks the figures were measured on sets that are not shipped. */
export interface Results {
  tasks: readonly TaskFigures[];
  humans: readonly HumanFigures[];
  /** Names of tasks whose rows or replies are not part of the project. */
  elsewhere: ReadonlySet<string>;
  /** Tasks without figures, and why. */
  missing: Record<string, string>;
  charts: readonly string[];
}

/** docs/results.md: the tables of the paper, in its order. */
export function resultsPage(results: Results): string {
  const { tasks, humans, charts } = results;
  const named = (name: string) => (results.elsewhere.has(name) ? `${name} †` : name);
  return `${[
    "# Results",
    INTRODUCTION,
    missingLines(results.missing),
    "## Cost: a label a row from a model, or programs once",
    costTable(tasks, named),
    picture("cost.svg", "Dollars by task: programs once, and asking a model for each row", charts),
    COST_NOTE,
    "## Strategies",
    "The programs of one strategy alone, pooled by `auto`: accuracy on all rows / macro-F1 (share of rows with a label).",
    strategyTable(tasks, named),
    picture("strategies.svg", "Accuracy by task and strategy", charts),
    STRATEGY_NOTE,
    "## Label models",
    "Accuracy on all rows of all of a task's programs, by label model.",
    modelTable(tasks, named),
    picture("label-models.svg", "Accuracy by task and label model", charts),
    MODEL_NOTE,
    "## Human-written functions and synthesized programs",
    humanTable(humans),
    picture("human-written.svg", "Accuracy by set: human-written functions, synthesized programs", charts),
    HUMAN_NOTE,
    "## How many programs",
    `Programs drawn at random from all of a task's, in ten seeded orders: mean accuracy on all rows ± standard deviation over the orders, pooled by \`auto\`. The last figure of a row is of all programs, of which there is one set.`,
    countTable(tasks, named),
    picture("programs.svg", "Accuracy by number of programs, with standard deviation", charts),
    "## Replayed",
    "So many random rows were voted on once more by the stored programs, and the parts that hold them made again: every byte is the same, or the command fails.",
    replayTable(tasks, named),
    "## Beside the paper",
    paper,
    "## Who wrote the replies",
    repliesList(tasks),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

const INTRODUCTION = `Written by \`npm run results\`, every figure and picture. The tables have the form of those in *The ALCHEmist: Automated Labeling 500x CHEaper
Than LLM Data Annotators* (Huang et al., NeurIPS 2024, [arXiv 2407.11004](https://arxiv.org/abs/2407.11004)), on other data and with other models, so nothing here
is a repetition of its experiments; [below](#beside-the-paper) stands what can be set beside each other.

\`\`\`sh
npm run results                                          # the shipped examples, from their recorded replies
npm run results -- --data DIR --replies DIR              # and sets of your own
\`\`\`

\`--replies DIR\` holds a task folder a set (\`DIR/<set>/task.yaml\`, \`data/\`) with the replies that a run recorded, in \`replies/\` or
\`.alchemist/work/replies/\`. \`--data DIR\` holds rows and the votes of human-written functions, \`<set>/<split>.jsonl\` and \`votes/<set>_<split>.json\`, as
\`alchemist aggregate\` reads them. No model is asked: what is not recorded is said to be missing.

The examples are measured anew each time. Tasks marked † are of sets that are not shipped; their figures were measured by the second form of the command and are kept in
[results/sets.json](results/sets.json) until it is given the folders again. Gold labels judge, and decide nothing. *Accuracy on all rows* counts a row without a
label as wrong.`;

const missingLines = (missing: Record<string, string>): string =>
  Object.entries(missing)
    .map(([name, why]) => `- **${name}** is not in the tables: ${why}.`)
    .join("\n");

const picture = (file: string, says: string, charts: readonly string[]): string =>
  charts.includes(file) ? `![${says}](results/${file})` : "";

const COST_NOTE = `Zero-shot prompting's dollars are computed from the rows' length and list prices, at four characters a token and one short call a row
([cost.md](cost.md)); programs' are of their recorded replies at the same prices. Its accuracy is measured where a run had a model label a sample to judge the
programs (\`verify\`), with Wilson's interval of 95 %; "not asked" where no such replies are recorded. The ratio grows with rows and with their length: it is no property of the method.`;

const STRATEGY_NOTE = `A program's request depends on its strategy and number alone, so a set of one strategy is what a task that names only this strategy would get.
A set of all strategies has more programs than each of them, so it is no comparison at equal cost.`;

const MODEL_NOTE = `Each as a run with this \`labelModel\` would publish. What they do, and more sets: [label-models.md](label-models.md).`;

const HUMAN_NOTE = `Functions of the WRENCH benchmark (Zhang et al. 2021), which people wrote with the data before them, run over the same rows as the recorded programs, which were
written without sight of a row. *Of one* is the mean over functions: share of rows with its vote, and share of its votes that are right.`;

const repliesList = (tasks: readonly TaskFigures[]): string =>
  [...Map.groupBy(tasks, ({ replies }) => replies.join("; "))]
    .map(([who, of]) => `- ${of.map(({ name }) => name).join(", ")}: ${who}`)
    .join("\n");
