#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { alchemist } from "../lib/cli/alchemist.ts";

// Rows die young. Without this bound the garbage collector lets them pile up: 475 instead of 310 MiB at a million rows.
setFlagsFromString("--max-semi-space-size=8");
setFlagsFromString("--semi-space-growth-factor=1");

// Whoever reads our output may stop before its end, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await alchemist(process.argv.slice(2), process.env);
