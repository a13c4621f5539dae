import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openModelDirectory } from "../adapters/onnx/model-directory.ts";
import { AlchemistError, InvalidInputError } from "../errors.ts";
import { pullModel } from "../local/pull-model.ts";
import { catalogue } from "../models/catalogue.ts";
import type { Io } from "./alchemist.ts";
import { modelsFolder } from "./models-folder.ts";

/** `alchemist models pull`: a model's files, whole and checked. */
export async function pullCommand(
  name: string,
  options: { models?: string; from?: string; sha256?: string[] },
  io: Io,
): Promise<void> {
  const root = modelsFolder(options, io);
  let shown = "";
  const manifest = await pullModel(name, {
    root,
    from: options.from,
    sha256: checksums(options.sha256 ?? []),
    onBytes(file, bytes, total) {
      const line = `${file} ${mebibytes(bytes)}${total === undefined ? "" : ` of ${mebibytes(total)}`} MiB`;
      if (line !== shown && io.stderr.isTTY) io.stderr.write(`\r${line}`);
      shown = line;
    },
  });
  if (io.stderr.isTTY) io.stderr.write("\n");
  io.stdout.write(`${name} in ${join(root, name)}\n  ${manifest.source?.replaceAll("; ", "\n  ")}\n`);
}

const mebibytes = (bytes: number) => Math.floor(bytes / 2 ** 20).toLocaleString("en");

function checksums(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, file, hex] = /^(visual\.onnx|textual\.onnx)=([0-9a-f]{64})$/i.exec(text) ?? [];
      if (file !== undefined) return [file, hex.toLowerCase()];
      throw new InvalidInputError(
        "--sha256",
        `found ${JSON.stringify(text)}. Expected visual.onnx=<64 hexadecimal digits>, or the same of textual.onnx.`,
      );
    }),
  );
}

/** `alchemist models list`: what is here, whether it is whole, and what can be fetched. */
export async function listCommand(options: { models?: string; json?: boolean }, io: Io): Promise<void> {
  const root = modelsFolder(options, io);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const here = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name);
  const models = await Promise.all(
    here.sort().map(async (name) => {
      try {
        const { manifest } = await openModelDirectory(root, name);
        return { name, kind: manifest.kind, problem: undefined };
      } catch (error) {
        if (!(error instanceof AlchemistError)) throw error;
        return { name, kind: undefined, problem: error.message };
      }
    }),
  );
  const toFetch = [...catalogue.keys()].filter((name) => !here.includes(name));
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ root, models, toFetch })}\n`);
    return;
  }
  const lines = [
    ...models.map(({ name, kind, problem }) => `${name.padEnd(20)} ${problem ?? `kind ${kind}`}`),
    ...toFetch.map((name) => `${name.padEnd(20)} not here; alchemist models pull ${name}`),
  ];
  io.stdout.write(`${root}\n${lines.join("\n")}\n`);
}
