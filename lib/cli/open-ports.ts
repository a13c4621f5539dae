import { availableParallelism } from "node:os";
import { isolateRunner } from "../adapters/isolates/isolate-runner.ts";
import { onnxModels } from "../adapters/onnx/image-text-models.ts";
import { pixelModel } from "../adapters/onnx/pixel-model.ts";
import { absentModel } from "../adapters/openai/absent-model.ts";
import { openaiModel } from "../adapters/openai/openai-model.ts";
import { pdfText } from "../adapters/pdf/pdf-text.ts";
import { seesPixels } from "../contracts/pixels.ts";
import { InvalidInputError } from "../errors.ts";
import { firstColumns } from "../fan-out/first-columns.ts";
import { sampleRows } from "../fan-out/sample-rows.ts";
import type { LocalTask } from "../local/open-task.ts";
import { type Tally, tallying } from "../local/tally.ts";
import type { PipelineSettings } from "../pipeline.ts";
import type { Ports } from "../ports.ts";
import { listPrices, parsePrice, parsePrices, withPrice } from "../prices/prices.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { liveKey } from "./live-key.ts";
import { modelsFolderOf } from "./models-folder.ts";
import { progressLines } from "./progress-lines.ts";
import { textOf } from "./text-of.ts";

/** A model that thinks before it writes takes minutes; Node's fetch itself gives up after five. */
const MODEL_TIMEOUT_MS = 240_000;
const MODEL_RETRIES = 4;

/** A run's ports on this machine, its settings, and what it did. `close` ends the child processes. */
export interface OpenPorts {
  ports: Ports;
  settings: PipelineSettings;
  tally: Tally;
  cores: number;
  /** Whether what is not recorded is asked for, and paid. */
  live: boolean;
  /** Leaves the last state of the progress lines standing, before results are printed. */
  showEnd(): void;
  close(): Promise<void>;
}

/** Wires a task to the folder, the sandbox and the language model. @throws InvalidInputError on options that do not fit */
export async function openPorts(
  local: LocalTask,
  options: TaskOptions & { format?: PipelineSettings["format"] },
  io: Io,
): Promise<OpenPorts> {
  const { task, store } = local;
  const apiKey = liveKey(options, io);
  if (options.models !== undefined && seesPixels(task)) {
    throw new InvalidInputError(
      "--models",
      "programs of this task see pixels, and no model looks at its pictures. Leave it out.",
    );
  }
  const cores = availableParallelism();
  const runner = isolateRunner({ children: cores, leastHardening: options.hardening });
  const images = onnxModels(modelsFolderOf(local, options, io), cores);
  const lines = progressLines(io.stderr);
  const { tally, report } = tallying();
  return {
    ports: {
      store,
      model:
        apiKey === undefined
          ? absentModel()
          : openaiModel({
              apiKey,
              baseUrl: io.config.OPENAI_BASE_URL,
              timeoutMs: MODEL_TIMEOUT_MS,
              retries: MODEL_RETRIES,
            }),
      runner,
      images,
      pixels: pixelModel(),
      pdfText: pdfText(),
      report(progress) {
        report(progress);
        if (progress.stage === "documents") {
          for (const { file, reason } of progress.leftOut) {
            io.stderr.write(`knowledge/${JSON.stringify(file).slice(1, -1)} is left out: ${reason}\n`);
          }
        }
        lines.report(progress);
      },
      now: () => new Date(),
    },
    settings: {
      prices: await pricesFor(task.synthesis.model, options),
      note: options.recordedBy,
      columnsOf: (of) => firstColumns(of, store),
      sampleOf: (of, wanted) => sampleRows(of, wanted, store),
      format: options.format,
      modelCard: images.card,
    },
    tally,
    cores,
    live: apiKey !== undefined,
    showEnd: lines.end,
    close: () => runner.close(),
  };
}

/** The price list in force: the project's or the user's, with the price that the user stated. @throws InvalidInputError */
export async function pricesFor(model: string, options: Pick<TaskOptions, "price" | "prices">) {
  const prices = options.prices ? parsePrices(await textOf(options.prices), options.prices) : listPrices;
  return options.price ? withPrice(prices, model, parsePrice(options.price)) : prices;
}
