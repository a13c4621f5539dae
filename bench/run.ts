import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Runs every bench, or those whose name holds one of the arguments, each in a process of its own. */
const asked = process.argv.slice(2);
const benches = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".bench.ts"));
let failed = false;
for (const bench of benches.filter(
  (name) => asked.length === 0 || asked.some((word) => name.includes(word)),
)) {
  console.log(`── ${bench}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, bench)], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
