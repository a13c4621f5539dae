import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderStore } from "../lib/adapters/local/folder-store.ts";
import { PICTURES_AT_ONCE } from "../lib/adapters/onnx/image-text-model.ts";
import { onnxModels } from "../lib/adapters/onnx/image-text-models.ts";
import { openModelDirectory } from "../lib/adapters/onnx/model-directory.ts";
import { openTower, tensorOf } from "../lib/adapters/onnx/tower.ts";
import { hashOf } from "../lib/contracts/hash.ts";
import { TaskName } from "../lib/contracts/names.ts";
import { pictureEmbeddings } from "../lib/features/picture-embeddings.ts";
import { writePixelValues } from "../lib/features/pixel-values.ts";

/**
 * One model in a process of its own: the stage, the network alone, and decoding alone, by turns over the same pictures.
 *
 * node bench/features-measure.ts <dir of models> <name> <dir of .jpg> <threads> <rounds>
 */
const [root, name, from, threadsText, roundsText] = process.argv.slice(2);
const threads = Number(threadsText);
/** At least as good as this, or as this share of what decoding and inference leave possible. */
const LEAST_RATIO = 0.85;
const LEAST_OF_BOUND = 0.9;
/** x86, a GB-second, and memory of the function: lib/infra/stage-settings.ts. */
const USD_PER_GB_SECOND = 0.0000166667;
const FUNCTION_GB = 3_538 / 1_024;
const FUNCTION_PROCESSORS = 2;
/** Embeddings are stored by sixteen pictures on average: lib/contracts/picture-batches.ts. */
const USD_PER_PICTURE_STORED = 0.005 / 1_000 / 16;

const task = TaskName.parse("bench");
const files = readdirSync(from).filter((file) => /\.jpe?g$/i.test(file));
const pictures = files.map((file) => readFileSync(join(from, file)));
const references = pictures.map((bytes, index) => ({
  hash: hashOf(bytes),
  key: `inbox/bench/data/${files[index]}`,
  start: 0,
  length: bytes.length,
}));
const model = await onnxModels(root, threads).open(name);

async function stage(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "alchemist-bench-"));
  try {
    const store = folderStore({
      mounts: { "inbox/bench/data/": from, "work/bench/": join(scratch, "work") },
      scratch: join(scratch, "half"),
    });
    const ports = { store, report: () => undefined };
    let rows = 0;
    for await (const batch of pictureEmbeddings(
      { task, model: model.card },
      references,
      ports,
      async () => model,
    )) {
      rows += batch.rows - batch.unreadable.length;
    }
    return rows;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (roundsText === "memory") {
  const rows = await stage();
  const mib = Math.round(process.resourceUsage().maxRSS / 1_024);
  console.log(`  memory      ${mib} MiB at most, ${rows} of ${files.length} pictures read`);
  process.exit();
}

const { path, manifest } = await openModelDirectory(root, name);
const tower = await openTower(join(path, manifest.visual.file), "visual", manifest.visual, threads);
const some = await Promise.all(pictures.slice(0, PICTURES_AT_ONCE).map(model.decode));
const side = Math.sqrt(some[0].length / 3);
const values = new Float32Array(some.length * 3 * side * side);
writePixelValues(Buffer.concat(some), side, values);
const tensor = tensorOf("float32", values, [some.length, 3, side, side]);
const bare = async () => {
  const batches = Math.ceil(files.length / some.length);
  for (let batch = 0; batch < batches; batch++) await tower.session.run({ [tower.input.name]: tensor });
  return batches * some.length;
};
const decoding = async () => {
  for (const picture of pictures) await model.decode(picture);
  return files.length;
};

const WAYS = { bare, decoding, stage };
type Way = keyof typeof WAYS;
const measured: Record<Way, { clockMs: number; cpuMs: number }[]> = { bare: [], decoding: [], stage: [] };
await stage();
for (let round = 0; round < Number(roundsText); round++) {
  for (const way of Object.keys(WAYS) as Way[]) {
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    const count = await WAYS[way]();
    const clockMs = (performance.now() - began) / count;
    const { user, system } = process.cpuUsage(cpu);
    measured[way].push({ clockMs, cpuMs: (user + system) / 1_000 / count });
  }
}
// The least of the rounds: whatever else the machine does can only add to it.
const clockOf = (way: Way) => Math.min(...measured[way].map(({ clockMs }) => clockMs));
const cpuOf = (way: Way) => Math.min(...measured[way].map(({ cpuMs }) => cpuMs));
const byProcessor = cpuOf("bare") / cpuOf("stage");
const byClock = clockOf("bare") / clockOf("stage");
const bound = cpuOf("bare") / (cpuOf("bare") + cpuOf("decoding"));
// With as many processors as the function's, the clock says what it costs; with one, both are taken to be busy.
const seconds =
  threads === FUNCTION_PROCESSORS ? clockOf("stage") / 1_000 : cpuOf("stage") / 1_000 / FUNCTION_PROCESSORS;
const usd = (seconds * FUNCTION_GB * USD_PER_GB_SECOND + USD_PER_PICTURE_STORED) * 1e6;
const line = (way: Way) =>
  console.log(
    `  ${way.padEnd(12)}${cpuOf(way).toFixed(1)} ms of a processor a picture · ${(1_000 / cpuOf(way)).toFixed(1)} pictures a second and core · by the clock ${(1_000 / clockOf(way)).toFixed(1)} a second`,
  );
line("bare");
line("decoding");
line("stage");
console.log(
  `  ratio       ${byProcessor.toFixed(2)} of the bare loop by processor time, ${byClock.toFixed(2)} by the clock · decoding and inference alone leave ${bound.toFixed(2)}, of which ${((100 * byProcessor) / bound).toFixed(0)} %`,
);
console.log(`  cloud       $${usd.toFixed(2)} a million pictures`);
// On several processors a network in one session wastes some of them, and nothing but the clock tells.
const ratio = threads === 1 ? byProcessor : byClock;
process.exitCode = ratio >= LEAST_RATIO || byProcessor >= LEAST_OF_BOUND * bound ? 0 : 1;
