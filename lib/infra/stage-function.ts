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
import { bundle } from "./bundle.ts";
import type { StageId } from "./rights.ts";

/** The processor of every function: a fifth cheaper than the other one. */
const architecture = Architecture.ARM_64;
const PLATFORM = "linux-arm64";

/** Makes a stage's function, packed in one way or another. */
export type MakeFunction = (scope: Construct, id: string, options: FunctionOptions) => Fn;

/** A bundle of JavaScript; native code comes in layers. */
export const zipped =
  (stage: StageId, layers: ILayerVersion[] = []): MakeFunction =>
  (scope, id, options) =>
    inFolder((folder) => {
      bundle(stage, folder);
      return new Fn(scope, id, {
        ...options,
        architecture,
        runtime: Runtime.NODEJS_24_X,
        handler: "index.handler",
        code: Code.fromAsset(folder),
        layers,
      });
    });

/** The same bundle with `isolated-vm` beside it as a container. It is built by `cdk deploy`; this needs no Docker. */
export const containerized =
  (stage: StageId): MakeFunction =>
  (scope, id, options) =>
    inFolder((folder) => {
      bundle(stage, folder);
      copyIsolates(PLATFORM, join(folder, "node_modules"));
      const dockerfile = join(import.meta.dirname, "../../functions", stage, "Dockerfile");
      cpSync(dockerfile, join(folder, "Dockerfile"));
      const code = DockerImageCode.fromImageAsset(folder, { platform: Platform.LINUX_ARM64 });
      return new DockerImageFunction(scope, id, { ...options, architecture, code });
    });

/** `isolated-vm`, which is native code, for the stages that run programs. */
export const isolatesLayer = (scope: Construct): ILayerVersion =>
  inFolder((folder) => {
    buildIsolatesLayer(PLATFORM, folder);
    return new LayerVersion(scope, "Isolates", {
      description: "isolated-vm for Node 24 on arm64",
      code: Code.fromAsset(folder),
      compatibleArchitectures: [architecture],
      compatibleRuntimes: [Runtime.NODEJS_24_X],
    });
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
