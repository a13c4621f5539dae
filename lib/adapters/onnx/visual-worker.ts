import { parentPort, workerData } from "node:worker_threads";
import { InvalidInputError } from "../../errors.ts";
import { writePixelValues } from "../../features/pixel-values.ts";
import { embeddings, openTower, tensorOf } from "./tower.ts";
import type { Embedded, Opened, Told, WorkerStart } from "./visual-pool.ts";

// One network of the pool. The thread that a session runs on does nothing else meanwhile, so it has one of its own.

/** Of the pictures of networks that do not say. */
const PICTURE_SIZE = 224;

async function tell<T>(work: () => Promise<T>): Promise<void> {
  let told: Told<T>;
  try {
    told = { result: await work() };
  } catch (error) {
    told =
      error instanceof InvalidInputError
        ? { invalid: { where: error.where, message: error.message } }
        : { failed: error };
  }
  parentPort?.postMessage(told);
}

async function open({ path, names, threads, atOnce }: WorkerStart): Promise<Opened> {
  const tower = await openTower(path, "visual", names, threads);
  const { input, rows, session, output } = tower;
  const height = input.shape[2];
  const side = typeof height === "number" && height > 0 ? height : PICTURE_SIZE;
  const found = session.outputMetadata.find(({ name }) => name === output);
  const size = found?.isTensor ? found.shape[1] : undefined;
  const most = rows ?? atOnce;
  const pixels = side * side * 3;
  const pictures = new Uint8Array(new SharedArrayBuffer(most * pixels));
  const values = new Float32Array(most * pixels);
  parentPort?.on("message", (count: number) =>
    tell((): Promise<Embedded> => {
      writePixelValues(pictures.subarray(0, count * pixels), side, values);
      // Networks of bytes scale by all that is there: what others left behind would change these pictures' numbers.
      values.fill(0, count * pixels, (rows ?? count) * pixels);
      const shape = [rows ?? count, 3, side, side];
      const tensor = tensorOf("float32", values.subarray(0, shape[0] * pixels), shape);
      return embeddings(tower, { [input.name]: tensor }, count);
    }),
  );
  return { side, most, pictures, ...(typeof size === "number" && { size }) };
}

await tell(() => open(workerData as WorkerStart));
