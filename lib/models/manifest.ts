import { z } from "zod";
import { hashOfJson } from "../contracts/hash.ts";
import type { Hash } from "../contracts/names.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits in lower case");
const File = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "the name of a file beside it");

/** model.json: what is in a model's directory, and how it is used. What is left out is read from the files themselves. */
export const ModelManifest = z.strictObject({
  /** What it is, such as `clip-vit-b-32`. */
  kind: z.string().min(1).max(100),
  /** What cosines are multiplied by before a softmax. */
  logitScale: z.number().positive().max(1_000).default(100),
  embeddingSize: z.int().min(1).max(65_536).optional(),
  visual: z.strictObject({
    file: File.default("visual.onnx"),
    sha256: Sha256,
    /** Names of the input and the output, where there are several. */
    input: z.string().optional(),
    output: z.string().optional(),
  }),
  textual: z.strictObject({
    file: File.default("textual.onnx"),
    sha256: Sha256,
    input: z.string().optional(),
    output: z.string().optional(),
    /** Of the ids. */
    type: z.enum(["int64", "int32"]).optional(),
  }),
  /** Where the files come from, and on whose word their checksums are right. */
  source: z.string().max(1_000).optional(),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** Grows when the same files would give other embeddings: another preprocessing, another tokeniser. */
const ENGINE = 3;

/** Address of a model: of its files' content, and of how embeddings are made of it. */
export const modelHash = ({ visual, textual }: ModelManifest): Hash =>
  hashOfJson([ENGINE, visual.sha256, textual.sha256, visual.output ?? null, textual.output ?? null]);

export const MANIFEST_FILE = "model.json";

/** What a directory without a manifest is taken for. */
export const UNKNOWN_KIND = "unknown";
