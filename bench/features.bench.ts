import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { writeClipGraph } from "./clip-graph.ts";

/**
 * Reading, decoding, embedding and storing pictures against a bare loop over the same network with tensors that are there:
 * the share of its speed that is left. By processor time, which other work on the machine changes least, and by the clock.
 *
 * Of the true graph of ViT-B/32, whose weights are random here, and of a small model that lies at BENCH_MODELS. With two
 * threads, on as many processors as the function has, the bare loop is one session that shares them.
 *
 * BENCH_PICTURES=<dir of .jpg> [BENCH_MODELS=<dir> BENCH_MODEL=<name>] [BENCH_THREADS=1] npm run bench features
 */
const shared = join(import.meta.dirname, "../../shared");
const models = resolve(process.env.BENCH_MODELS ?? join(shared, "models"));
const own = process.env.BENCH_MODEL ?? "standin";
const from = resolve(process.env.BENCH_PICTURES ?? join(shared, "data/images/flowers"));
const threads = process.env.BENCH_THREADS ?? "1";
const ROUNDS = "4";
/** A picture of a hundred megapixels is among those whose reading shows the memory. */
const LARGE_SIDE = 10_000;

const hasPictures = existsSync(from) && readdirSync(from).some((file) => /\.jpe?g$/i.test(file));
if (!hasPictures) {
  console.log(`skipped: no pictures in ${from}; name a folder with BENCH_PICTURES`);
  process.exit();
}

const scratch = mkdtempSync(join(tmpdir(), "alchemist-bench-"));
try {
  const measure = join(import.meta.dirname, "features-measure.ts");
  // As many processors as threads, for every way alike: decoding would otherwise have one that the bare loop leaves idle.
  const canPin = spawnSync("taskset", ["-V"]).status === 0;
  const pinned = canPin ? ["taskset", "-c", `0-${Number(threads) - 1}`] : [];
  if (!canPin) console.log("not pinned to processors: there is no taskset here");
  const run = (root: string, name: string, pictures: string, rounds: string) => {
    const [command, ...words] = [...pinned, process.execPath, measure, root, name, pictures, threads, rounds];
    const { status } = spawnSync(command, words, { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  };
  const withLarge = join(scratch, "pictures");
  cpSync(from, withLarge, { recursive: true });
  await sharp({ create: { width: LARGE_SIDE, height: LARGE_SIDE, channels: 3, background: "#804020" } })
    .jpeg()
    .toFile(join(withLarge, "large.jpg"));
  writeClipGraph(join(scratch, "vit-b-32"), "fp32");
  writeClipGraph(join(scratch, "vit-b-32-int8"), "int8");
  const all = [
    { root: scratch, name: "vit-b-32" },
    { root: scratch, name: "vit-b-32-int8" },
    ...(existsSync(join(models, own)) ? [{ root: models, name: own }] : []),
  ];
  for (const { root, name } of all) {
    console.log(`${name}, ${threads} thread(s)`);
    run(root, name, from, ROUNDS);
    run(root, name, withLarge, "memory");
  }
} finally {
  rmSync(scratch, { recursive: true });
}
