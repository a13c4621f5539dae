#!/usr/bin/env node
import { alchemist } from "../lib/cli/alchemist.ts";

// Whoever reads our output may stop before its end, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await alchemist(process.argv.slice(2), process.env);
