import { join } from "node:path";
import { buildSync } from "esbuild";
import type { StageId } from "./rights.ts";

/** The project's folder. */
const root = join(import.meta.dirname, "../..");

/** Stages that run programs, each in a process of its own: its script lies beside the function's. */
const RUNS_PROGRAMS: readonly StageId[] = ["synthesize", "label"];

/** The stage that reads PDFs, each in a process of its own too. */
const READS_DOCUMENTS: StageId = "synthesize";

/** The stage that looks at pictures, in threads of their own. */
const LOOKS_AT_PICTURES: StageId = "features";

/**
 * A stage's function as what Lambda boots: `index.mjs`, with everything in it but native code.
 *
 * @param outFolder gets `index.mjs`, `child.mjs` where the stage runs programs, `pdf-child.mjs` where it reads documents, and
 * `visual-worker.mjs` where it looks at pictures
 */
export function bundle(stage: StageId, outFolder: string): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: {
      index: `functions/${stage}/handler.ts`,
      ...(RUNS_PROGRAMS.includes(stage) && { child: "lib/adapters/isolates/child.ts" }),
      ...(stage === READS_DOCUMENTS && { "pdf-child": "lib/adapters/pdf/child.ts" }),
      ...(stage === LOOKS_AT_PICTURES && { "visual-worker": "lib/adapters/onnx/visual-worker.ts" }),
    },
    outdir: outFolder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // ES modules where a package has them: the CommonJS twins of some ask for files that are not in the bundle.
    mainFields: ["module", "main"],
    // For packages that are CommonJS only, and ask for Node's own modules when they start.
    banner: {
      js: 'import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);',
    },
    external: ["isolated-vm", "node-gyp-build"],
    alias: { "node:http": join(import.meta.dirname, "node-http.cjs") },
    minifyWhitespace: true,
    minifySyntax: true,
    // Node prints the line at which a function died: whole, into the log.
    lineLimit: 200,
    legalComments: "none",
    logLevel: "warning",
  });
}
