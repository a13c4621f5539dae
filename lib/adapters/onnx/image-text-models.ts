import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { clipTokenizer, type Tokenizer } from "../../features/tokenizer.ts";
import type { ImageTextModel, ImageTextModels } from "../../ports.ts";
import { onnxImageTextModel } from "./image-text-model.ts";
import { openModelDirectory } from "./model-directory.ts";

/** The models of a directory of directories, each opened once. */
export function onnxModels(root: string, threads: number): ImageTextModels {
  const opened = new Map<string, Promise<ImageTextModel>>();
  let tokenizer: Promise<Tokenizer> | undefined;
  const open = (name: string): Promise<ImageTextModel> => {
    const known = opened.get(name);
    if (known) return known;
    const model = openModelDirectory(root, name).then((directory) =>
      onnxImageTextModel(directory, {
        threads,
        tokenizer: () => {
          tokenizer ??= shippedTokenizer();
          return tokenizer;
        },
      }),
    );
    opened.set(name, model);
    // A model that is mended while this runs is looked at again.
    model.catch(() => opened.delete(name));
    return model;
  };
  return { open, card: async (name) => (await open(name)).card };
}

/** The vocabulary lies beside this file, and beside the function's bundle. */
export const shippedTokenizer = async (): Promise<Tokenizer> =>
  clipTokenizer(
    gunzipSync(await readFile(join(import.meta.dirname, "clip-vocabulary.txt.gz"))).toString("utf8"),
  );
