import { Command, CommanderError, Option } from "commander";
import packageFile from "../../package.json" with { type: "json" };
import { CliConfig, readConfig } from "../config.ts";
import { Hardening } from "../contracts/hardening.ts";
import { LabelModelName } from "../contracts/label-models.ts";
import { AlchemistError } from "../errors.ts";
import { llmOption, picturesOf, portOf, rowsOf, temperatureOf } from "./option-values.ts";

/** What a command needs of the terminal and the environment. */
export interface Io {
  config: CliConfig;
  /** What the configuration was read from. */
  environment: Record<string, string | undefined>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
}

/** Options that several commands share. */
export interface TaskOptions {
  out?: string;
  data?: string[];
  llm?: "recorded" | "live";
  price?: string;
  prices?: string;
  recordedBy?: string;
  hardening?: Hardening;
  models?: string;
  json?: boolean;
}

/**
 * The command line.
 *
 * @param args what follows `alchemist`
 * @returns the exit code: 0, or 1 after one clear message on stderr
 */
export async function alchemist(
  args: readonly string[],
  environment: Record<string, string | undefined>,
  streams: Pick<Io, "stdout" | "stderr"> = process,
): Promise<number> {
  try {
    // Named one by one: `process` has a `config` of its own.
    const { stdout, stderr } = streams;
    const io: Io = { config: readConfig(CliConfig, environment), environment, stdout, stderr };
    await commands(io).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const message =
      error instanceof AlchemistError ? error.message : error instanceof Error ? error.stack : String(error);
    streams.stderr.write(`alchemist: ${message}\n`);
    return 1;
  }
}

function commands(io: Io): Command {
  const program = new Command("alchemist")
    .description(
      "A language model writes a handful of small labeling programs once; they label every row on this machine, and a label model turns their votes into pseudolabels.",
    )
    .version(packageFile.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError("(add --help for what this command takes)")
    .addHelpText(
      "after",
      `
A task folder holds task.yaml and data/<name>.csv|tsv|jsonl|parquet[.gz], of pictures data/<name>.zip|tar[.gz] or a
folder data/<name>/; see examples/.

  alchemist plan examples/spam-email        what it will cost, before a cent is spent
  alchemist run examples/spam-email         label it
  alchemist explain examples/spam-email mail-0001 --replay   why a row has its label
  alchemist evaluate examples/spam-email    accuracy and F1, where the data has gold labels
  alchemist dev                             a page and a bucket here: drop files, labels come out`,
    );

  taskCommand(
    program,
    "run",
    "synthesize programs, run them on every row, aggregate their votes and write pseudolabels",
  )
    .addOption(
      new Option("--format <format>", "format of the labels, instead of the task's").choices([
        "same",
        "jsonl",
        "csv",
        "parquet",
      ]),
    )
    .addHelpText(
      "after",
      `
Labels go to <task folder>/.alchemist/outbox/labels/<data name>/, or to DIR/labels/<data name>/ with --out DIR:
part-*.jsonl|csv|parquet, rejected.jsonl, receipt.json, card.md, report.html, and _SUCCESS last.
A run that was stopped goes on where it was; a run with nothing new to do does nothing.`,
    )
    .action(async (folder, options) => (await import("./run.ts")).run(folder, options, io));

  taskCommand(
    program,
    "plan",
    "what a run will ask of the model and cost, and what labeling every row directly would cost",
  ).action(async (folder, options) => (await import("./plan.ts")).plan(folder, options, io));

  taskCommand(program, "synthesize", "make the programs only").action(async (folder, options) =>
    (await import("./synthesize.ts")).synthesizeCommand(folder, options, io),
  );

  taskCommand(
    program,
    "evaluate",
    "accuracy, F1 and coverage of the labels of the last run, against the column named by input.label",
  )
    .option(
      "--stress <pictures>",
      "change so many pictures in what should not matter, and tell whose votes and labels change",
      picturesOf,
    )
    .option(
      "--beside <task folder>",
      "compare with the labels that another task's last run gave the same pictures, such as pixel programs",
    )
    .action(async (folder, options) => (await import("./evaluate.ts")).evaluateCommand(folder, options, io));

  program
    .command("explain")
    .description("why a row has its label: votes, weights, posterior; replayed and compared on demand")
    .argument("<task folder>", "folder that holds task.yaml")
    .argument("[row]", "the row's id, or its number among the labels: #12")
    .option("--out <dir>", "where the run kept labels, programs and state")
    .option("--data <file...>", "the row's data file, where the task has several")
    .option("--replay", "run the stored programs on the row again and compare every byte; says what differs")
    .option("--sample <rows>", "replay so many rows, drawn by chance, the same each time", rowsOf)
    .option("--json", "print the explanation as JSON")
    .action(async (folder, row, options) =>
      (await import("./explain.ts")).explainCommand(folder, row, options, io),
    );

  program
    .command("aggregate")
    .description("turn anybody's votes into class probabilities: the label model alone")
    .argument(
      "<votes>",
      'votes.json ({"classes":[…],"votes":[[…]]}, −1 abstains) or a CSV with a column a program; a column "label" is gold, to judge by',
    )
    .addOption(new Option("--model <name>", "label model").choices(LabelModelName.options).default("auto"))
    .option(
      "--gold <file>",
      "a few gold labels that may influence the fit: row,label lines, or a JSON list with a label a row",
    )
    .option("--balance <class=share,…>", "how frequent each class is, where that is known")
    .option(
      "--temperature <number>",
      "exponent of the probabilities: below 1 they are less sure",
      temperatureOf,
    )
    .option("--classes <a,b,…>", "class names of a CSV whose cells are class numbers, in order")
    .option(
      "--out <file>",
      "write each row's label and probabilities to FILE.csv or .tsv, or everything as JSON",
    )
    .option("--json", "print the whole result as JSON")
    .action(async (file, options) => (await import("./aggregate.ts")).aggregateCommand(file, options, io));

  const models = program.command("models").description("image-text models for tasks that label pictures");
  models
    .command("pull")
    .description("fetch a model's files, whole and checked, into the directory of models")
    .argument("<name>", "clip-vit-b-32, clip-vit-b-32-int8 or clip-vit-l-14")
    .option("--models <dir>", "keep it here (default: ALCHEMIST_MODELS, or ~/.cache/alchemist/models)")
    .option("--from <url>", "fetch the files below this address instead of the catalogue's")
    .option(
      "--sha256 <file=hex...>",
      "what a file's SHA-256 must be, such as visual.onnx=…; else the server's word is taken",
    )
    .action(async (name, options) => (await import("./models.ts")).pullCommand(name, options, io));
  models
    .command("list")
    .description("the models that are here and those that can be fetched")
    .option("--models <dir>", "look here (default: ALCHEMIST_MODELS, or ~/.cache/alchemist/models)")
    .option("--json", "print the result as JSON")
    .action(async (options) => (await import("./models.ts")).listCommand(options, io));

  program
    .command("dev")
    .description(
      "a bucket with a page and an S3 endpoint on this machine: drop tasks and data, labels come out",
    )
    .option("--folder <dir>", "keep the bucket and its queues here", ".alchemist-dev")
    .option("--port <number>", "listen here, on this machine only; 0 takes a free port", portOf, 4566)
    .option("--page-port <number>", "the page listens here (default: the port after --port)", portOf)
    .option("--models <dir>", "image-text models, for tasks that label pictures (default: none are labeled)")
    .addOption(llmOption())
    .action(async (options) => (await import("./dev.ts")).dev(options, io));

  return program;
}

function taskCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<task folder>", "folder that holds task.yaml")
    .option("--out <dir>", "keep labels, programs and state here instead of in <task folder>/.alchemist")
    .option("--data <file...>", "label these files instead of those in <task folder>/data")
    .addOption(llmOption())
    .option(
      "--price <in=…,out=…>",
      "the model's price in dollars per million tokens, where it is not listed or is another",
    )
    .option("--prices <file>", "a price list of your own, in the shape of lib/prices/prices.json")
    .option(
      "--recorded-by <note>",
      "kept with each new recording: who or what answers, where the model's name does not say it",
    )
    .option(
      "--models <dir>",
      "where model directories lie, for pictures (default: models/ of the task folder, ALCHEMIST_MODELS, or ~/.cache/alchemist/models)",
    )
    .addOption(
      new Option(
        "--hardening <level>",
        "run programs under at least this level, whatever the task asks for; see docs/security.md",
      ).choices(Hardening.options),
    )
    .option("--json", "print the result as JSON");
}
