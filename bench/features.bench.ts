import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { folderStore } from "../lib/adapters/local/folder-store.ts";
import { onnxModels } from "../lib/adapters/onnx/image-text-models.ts";
import { hashOf } from "../lib/contracts/hash.ts";
import { TaskName } from "../lib/contracts/names.ts";
import { pictureEmbeddings } from "../lib/features/picture-embeddings.ts";

/**
 * Reading, decoding, embedding and storing pictures against a bare loop over the same network with tensors that are there:
 * the share of its speed that is left, processor time included in both.
 *
 * BENCH_MODELS=<dir> BENCH_MODEL=<name> BENCH_PICTURES=<dir of .jpg> [BENCH_THREADS=1] npm run bench features
 */
const shared = join(import.meta.dirname, "../../shared");
const root = resolve(process.env.BENCH_MODELS ?? join(shared, "models"));
const name = process.env.BENCH_MODEL ?? "standin";
const from = resolve(process.env.BENCH_PICTURES ?? join(shared, "data/images/flowers"));
const threads = Number(process.env.BENCH_THREADS ?? 1);
/** At least as good as this; printed, and the exit code says it too. */
const LEAST_RATIO = 0.85;
/** x86, a GB-second, and memory of the function: lib/infra/stage-settings.ts. */
const USD_PER_GB_SECOND = 0.0000166667;
const FUNCTION_GB = 3_538 / 1_024;
const FUNCTION_PROCESSORS = 2;

const files = (() => {
  try {
    return readdirSync(from).filter((file) => /\.jpe?g$/i.test(file));
  } catch {
    return [];
  }
})();
if (files.length === 0) {
  console.log(`skipped: no pictures in ${from}; name a folder with BENCH_PICTURES`);
  process.exit();
}
const model = await onnxModels(root, threads).open(name);
const pictures = files.map((file) => readFileSync(join(from, file)));
const decoded = await Promise.all(pictures.slice(0, 16).map(model.decode));
await model.embedPictures(decoded);

const measured = async (work: () => Promise<number>) => {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const count = await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1_000 / count };
};

const task = TaskName.parse("bench");
const scratch = mkdtempSync(join(tmpdir(), "alchemist-bench-"));
try {
  const store = folderStore({
    mounts: { "inbox/bench/data/": from, "work/bench/": join(scratch, "work") },
    scratch: join(scratch, "half"),
  });
  const references = pictures.map((bytes, index) => ({
    hash: hashOf(bytes),
    key: `inbox/bench/data/${files[index]}`,
    start: 0,
    length: bytes.length,
  }));
  const bare = await measured(async () => {
    const batches = Math.ceil(files.length / decoded.length);
    for (let batch = 0; batch < batches; batch++) await model.embedPictures(decoded);
    return batches * decoded.length;
  });
  const whole = await measured(async () => {
    const ports = { store, report: () => undefined };
    for await (const _ of pictureEmbeddings(
      { task, model: model.card },
      references,
      ports,
      async () => model,
    ));
    return files.length;
  });
  const ratio = whole.perSecond / bare.perSecond;
  const usd =
    ((whole.cpuMs / 1_000 / FUNCTION_PROCESSORS) * FUNCTION_GB * USD_PER_GB_SECOND + 0.005 / 1_000 / 16) *
    1e6;
  console.log(`${name} (${model.card.kind}), ${files.length} pictures, ${threads} thread(s)`);
  console.log(
    `  bare loop   ${bare.perSecond.toFixed(1)} pictures/s · ${bare.cpuMs.toFixed(1)} ms of a processor each`,
  );
  console.log(
    `  stage       ${whole.perSecond.toFixed(1)} pictures/s · ${whole.cpuMs.toFixed(1)} ms of a processor each`,
  );
  console.log(
    `  ratio       ${ratio.toFixed(2)} of the bare loop by the clock, at least ${LEAST_RATIO} wanted · ${(bare.cpuMs / whole.cpuMs).toFixed(2)} by processor time`,
  );
  console.log(`  memory      ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB at most`);
  console.log(`  cloud       $${usd.toFixed(2)} a million pictures`);
  process.exitCode = ratio < LEAST_RATIO ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true });
}
