import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import {
  Architecture,
  Code,
  DockerImageCode,
  DockerImageFunction,
  Function as Fn,
  type FunctionOptions,
  type ILayerVersion,
  LayerVersion,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { buildIsolatesLayer, copyIsolates } from "../../layers/isolates/build.ts";
import { buildPythonLayer, copyMonty } from "../../layers/python/build.ts";
import { bundle } from "./bundle.ts";
import type { StageId } from "./rights.ts";

/** Lambda's two processors. Functions are on the first where nothing asks for the other: it is a fifth cheaper. */
const PROCESSORS = {
  arm64: { architecture: Architecture.ARM_64, platform: "linux-arm64", docker: Platform.LINUX_ARM64 },
  x86_64: { architecture: Architecture.X86_64, platform: "linux-x64", docker: Platform.LINUX_AMD64 },
} as const;
export type Processor = keyof typeof PROCESSORS;

/** Makes a stage's function, packed in one way or another. */
export type MakeFunction = (scope: Construct, id: string, options: FunctionOptions) => Fn;

/** A bundle of JavaScript; native code comes in layers. */
export const zipped =
  (stage: StageId, layers: ILayerVersion[] = [], processor: Processor = "arm64"): MakeFunction =>
  (scope, id, options) =>
    inFolder((folder) => {
      bundle(stage, folder);
      return new Fn(scope, id, {
        ...options,
        architecture: PROCESSORS[processor].architecture,
        runtime: Runtime.NODEJS_24_X,
        handler: "index.handler",
        code: Code.fromAsset(folder),
        layers,
      });
    });

/** The same bundle with native code beside it as a container. It is built by `cdk deploy`; this needs no Docker. */
export const containerized =
  (stage: StageId, processor: Processor): MakeFunction =>
  (scope, id, options) =>
    inFolder((folder) => {
      bundle(stage, folder);
      const { architecture, platform, docker } = PROCESSORS[processor];
      copyIsolates(platform, join(folder, "node_modules"));
      copyMonty(platform, join(folder, "node_modules"));
      const dockerfile = join(import.meta.dirname, "../../functions", stage, "Dockerfile");
      cpSync(dockerfile, join(folder, "Dockerfile"));
      const code = DockerImageCode.fromImageAsset(folder, { platform: docker });
      return new DockerImageFunction(scope, id, { ...options, architecture, code });
    });

/** What is native code, for the stages that run programs: `isolated-vm`, and Monty where npm brought it. */
export const programLayers = (scope: Construct, processor: Processor): ILayerVersion[] =>
  inFolder((folder) => {
    const { architecture, platform } = PROCESSORS[processor];
    const layer = (id: string, description: string) =>
      new LayerVersion(scope, id, {
        description: `${description} for Node 24 on ${processor}`,
        code: Code.fromAsset(folder),
        compatibleArchitectures: [architecture],
        compatibleRuntimes: [Runtime.NODEJS_24_X],
      });
    buildIsolatesLayer(platform, folder);
    const isolates = layer("Isolates", "isolated-vm");
    return buildPythonLayer(platform, folder) ? [isolates, layer("Python", "Monty")] : [isolates];
  });

/** Gives a folder that is there as long as `use` runs: the CDK copies what it needs of it. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "alchemist-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
