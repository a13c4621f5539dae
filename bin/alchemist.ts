#!/usr/bin/env node
import { alchemist } from "../lib/cli/alchemist.ts";

process.exitCode = await alchemist(process.argv.slice(2), process.env);
