import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/**
 * A script that runs a module of ours and all that it imports, types taken away, and reads no file: a child that took
 * them away itself would need WebAssembly, the right to read our modules, and twice the CPU time to start.
 *
 * @param entry the module's URL
 */
export function scriptFromSource(entry: string): string {
  const sources: Record<string, string> = {};
  const open = [entry];
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (url in sources) continue;
    const source = withoutTypes(readFileSync(new URL(url), "utf8"));
    sources[url] = source;
    for (const [, path] of source.matchAll(/ from "(\.[^"]+)"/g)) open.push(new URL(path, url).href);
  }
  return `"use strict";
const sources = ${JSON.stringify(sources)};
require("node:module").registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith(".") || specifier in sources
      ? { url: new URL(specifier, context.parentURL).href, shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url in sources ? { format: "module", source: sources[url], shortCircuit: true } : next(url, context),
});
import(${JSON.stringify(entry)});`;
}

/** Node says of this function, and only of it, that it is experimental: to a user of ours that is noise. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
