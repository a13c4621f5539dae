import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, it } from "vitest";
import type { WorkerStart } from "../../lib/adapters/onnx/visual-pool.ts";
import { bundle } from "../../lib/infra/bundle.ts";
import { writeTinyModel } from "../support/tiny-onnx.ts";

const folder = mkdtempSync(join(tmpdir(), "alchemist-worker-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("opens its network in the function's bundle, as from source", async () => {
  writeTinyModel(folder);
  bundle("features", folder);
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));
  const workerData: WorkerStart = { path: join(folder, "visual.onnx"), names: {}, threads: 1, atOnce: 4 };
  const worker = new Worker(join(folder, "visual-worker.mjs"), { workerData });
  const [told] = await once(worker, "message");
  await worker.terminate();
  expect(told).toEqual({
    result: { side: 224, most: 4, size: 3, pictures: new Uint8Array(4 * 224 * 224 * 3) },
  });
});
