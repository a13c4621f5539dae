#!/usr/bin/env node
import { App } from "aws-cdk-lib";
import settings from "../cdk.json" with { type: "json" };
import { AlchemistStack } from "../lib/infra/alchemist-stack.ts";

// The CDK's command line passes both by itself; given here, `node bin/cdk.ts` alone makes the same templates.
const app = new App({ context: settings.context, outdir: process.env.CDK_OUTDIR ?? settings.output });
new AlchemistStack(app, "Alchemist");
app.synth();
