import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Models and golden numbers that are too large to ship; beside the project's folder, or where SHARED_MODELS says. */
export const sharedModels = resolve(
  process.env.SHARED_MODELS ?? join(import.meta.dirname, "../../../shared/models"),
);

/** Whether tests of real weights can run; says so where they cannot. */
export function hasSharedModels(): boolean {
  const isThere = existsSync(join(sharedModels, "golden", "golden.json"));
  if (!isThere)
    process.stderr.write(`Skipped: no models at ${sharedModels}; name their directory with SHARED_MODELS\n`);
  return isThere;
}

/** Float32 numbers of a NumPy file. */
export function numpyFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(new Uint8Array(bytes.subarray(start)).buffer);
}
