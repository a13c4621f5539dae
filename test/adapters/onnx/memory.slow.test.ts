import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "alchemist-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));
const adapter = join(import.meta.dirname, "../../../lib/adapters/onnx/decode-picture.ts");

/** Peak memory of a process of its own that decodes one picture, in MiB, and how that ended. */
async function decodedAlone(path: string): Promise<{ peakMiB: number; ended: string }> {
  const source = `
    import { readFileSync } from "node:fs";
    const { decodePicture } = await import(${JSON.stringify(adapter)});
    const ended = await decodePicture(readFileSync(${JSON.stringify(path)}), 224).then(() => "decoded", ({ reason }) => reason);
    console.log(JSON.stringify({ peakMiB: process.resourceUsage().maxRSS / 1024, ended }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source]);
  return JSON.parse(stdout);
}

const large = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: "#804020" } });

it.each([
  ["a JPEG of 100 megapixels", "a.jpg", 10_000, { progressive: false }, "decoded", 400],
  ["a progressive JPEG of 31 megapixels", "b.jpg", 5_600, { progressive: true }, "decoded", 500],
  ["a progressive JPEG of 100 megapixels", "c.jpg", 10_000, { progressive: true }, "too-many-pixels", 400],
])("takes bounded memory: %s", async (what, name, side, options, ended, mostMiB) => {
  const path = join(folder, name);
  await large(side)
    .jpeg({ quality: 70, ...options })
    .toFile(path);
  const found = await decodedAlone(path);
  process.stderr.write(`${what}: ${Math.round(found.peakMiB)} MiB, ${found.ended}\n`);
  expect(found.ended).toBe(ended);
  expect(found.peakMiB).toBeLessThan(mostMiB);
});

it("takes the first frame of a GIF of 10,000 frames", async () => {
  // One frame and its header once, then the same frame again and again, as the format has it.
  const one = await sharp({ create: { width: 64, height: 64, channels: 3, background: "red" } })
    .gif()
    .toBuffer();
  const tableBytes = 3 * 2 ** ((one[10] & 7) + 1);
  const head = one.subarray(0, 13 + tableBytes);
  const frame = one.subarray(13 + tableBytes, -1);
  const path = join(folder, "film.gif");
  writeFileSync(
    path,
    Buffer.concat([head, ...Array.from({ length: 10_000 }, () => frame), Buffer.from(";")]),
  );
  const { peakMiB, ended } = await decodedAlone(path);
  process.stderr.write(`10,000 frames: ${Math.round(peakMiB)} MiB\n`);
  expect([ended, peakMiB < 500]).toEqual(["decoded", true]);
});
