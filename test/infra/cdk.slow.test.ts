import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stages } from "../../lib/infra/rights.ts";

const MOST_SECONDS = 20;
/** A busy machine takes several times as long. */
const PATIENCE_MS = 180_000;

const project = join(import.meta.dirname, "../..");
const bin = join(project, "node_modules/.bin");
const root = mkdtempSync(join(tmpdir(), "alchemist-cdk-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Node and the project's own commands, and nothing else: no Docker, no credentials, no network. */
const environment = {
  PATH: [bin, dirname(process.execPath)].join(delimiter),
  HOME: root,
  HTTPS_PROXY: "http://127.0.0.1:9",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Runs a script of Node's in the project's folder; the code is what it ended with. */
const run = (script: string, args: string[], more: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [script, ...args], {
    cwd: project,
    env: { ...environment, ...more },
  }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );

const jsonIn = (folder: string, file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));

const functionsIn = (folder: string) =>
  Object.values(
    jsonIn(folder, "Alchemist.template.json").Resources as Record<
      string,
      { Type: string; Properties: object }
    >,
  ).filter(({ Type }) => Type === "AWS::Lambda::Function");

/** What cfn-lint has to say of a template. W3005 is of dependencies that the CDK writes out though they follow. */
function complaintsOf(folder: string): string {
  const template = join(folder, "Alchemist.template.json");
  return spawnSync("cfn-lint", ["--ignore-checks", "W3005", "--", template], { encoding: "utf8" }).stdout;
}
const hasCfnLint = spawnSync("cfn-lint", ["--version"]).status === 0;

describe("node bin/cdk.ts", () => {
  const folder = join(root, "plain");
  const seconds = join(root, "seconds");
  let outcome: { code: number; stderr: string };
  beforeAll(async () => {
    const measure = `process.on("exit",()=>{const{user,system}=process.cpuUsage();process.getBuiltinModule("fs").writeFileSync(${JSON.stringify(seconds)},String((user+system)/1e6))})`;
    outcome = await run("bin/cdk.ts", [], {
      CDK_OUTDIR: folder,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(measure)}`,
    });
  }, PATIENCE_MS);

  it("synthesizes without a word, without Docker, and offline", () => {
    expect(outcome).toEqual({ code: 0, stderr: "" });
    expect(functionsIn(folder)).toHaveLength(stages.length);
    const { files, dockerImages } = jsonIn(folder, "Alchemist.assets.json");
    expect(Object.keys(dockerImages)).toEqual([]);
    for (const { source } of Object.values(files) as { source: { path: string } }[]) {
      expect(existsSync(join(folder, source.path))).toBe(true);
    }
  });

  it("takes under 20 seconds of a processor", () => {
    expect(Number(readFileSync(seconds, "utf8"))).toBeLessThan(MOST_SECONDS);
  });

  it.skipIf(!hasCfnLint)("writes what cfn-lint has nothing to say of", () => {
    expect(complaintsOf(folder)).toBe("");
  });
});

describe("cdk synth", () => {
  const cdk = join(project, "node_modules/aws-cdk/bin/cdk");

  it(
    "takes parameters, and hashes a container without Docker",
    async () => {
      const folder = join(root, "container");
      const parameters = ["alchemist.labelIn=container", "alchemist.email=ops@example.com"];
      const args = ["synth", "--quiet", "--output", folder, ...parameters.flatMap((value) => ["-c", value])];
      const { code } = await run(cdk, args);
      expect(code).toBe(0);

      const images = functionsIn(folder).filter(({ Properties }) => "PackageType" in Properties);
      expect(images.map(({ Properties }) => Properties)).toMatchObject([
        { PackageType: "Image", Architectures: ["arm64"], Description: "Alchemist: label", MemorySize: 1769 },
      ]);
      const { dockerImages } = jsonIn(folder, "Alchemist.assets.json");
      const [{ source }] = Object.values(dockerImages) as {
        source: { directory: string; platform: string };
      }[];
      expect(source.platform).toBe("linux/arm64");
      const image = join(folder, source.directory);
      expect(readdirSync(image).sort()).toEqual(["Dockerfile", "child.mjs", "index.mjs", "node_modules"]);
      expect(readdirSync(join(image, "node_modules")).sort()).toEqual(["isolated-vm", "node-gyp-build"]);
      expect(readdirSync(join(image, "node_modules/isolated-vm/prebuilds"))).toEqual(["linux-arm64"]);
      if (hasCfnLint) expect(complaintsOf(folder)).toBe("");
    },
    PATIENCE_MS,
  );

  it(
    "says which parameter it cannot take",
    async () => {
      const args = ["synth", "--quiet", "--output", join(root, "none"), "-c", "alchemist.images=perhaps"];
      const { code, stderr } = await run(cdk, args);
      expect(code).toBe(1);
      expect(stderr).toContain("cdk.json: context.alchemist.images: expected boolean, received string.");
    },
    PATIENCE_MS,
  );
});
