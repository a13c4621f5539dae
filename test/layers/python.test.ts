import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { buildPythonLayer } from "../../layers/python/build.ts";
import { montyModule } from "../../lib/adapters/isolates/native-modules.ts";

const root = await mkdtemp(join(tmpdir(), "python-layer-"));
afterAll(() => rm(root, { recursive: true }));

const MIB = 1024 * 1024;

describe("the Python layer", () => {
  it.runIf(montyModule({ platform: "linux", arch: "x64" }))(
    "holds one binary and its package, for linux-x64",
    async () => {
      const built = buildPythonLayer("linux-x64", root);
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map(({ name, parentPath }) => join(parentPath, name).slice(root.length + 1));
      expect(files.sort()).toEqual([
        "nodejs/node_modules/@pydantic/monty-linux-x64-gnu/monty.linux-x64-gnu.node",
        "nodejs/node_modules/@pydantic/monty-linux-x64-gnu/package.json",
      ]);
      // Together with the bundle and the isolates far from the 250 MiB that Lambda takes.
      expect(built?.bytes).toBeLessThan(25 * MIB);
    },
  );

  it.runIf(process.platform === "linux" && process.arch === "x64")(
    "runs a program where nothing else is installed",
    async () => {
      buildPythonLayer("linux-x64", root);
      const program = `
        const { Monty } = require("@pydantic/monty-linux-x64-gnu");
        console.log(Monty.create("[n * 2 for n in rows]", { inputs: ["rows"] }).run({ inputs: { rows: [1, 2] } }).join());
      `;
      // As Lambda does it: the layer's modules are on NODE_PATH, and no node_modules is near.
      const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program], {
        cwd: root,
        env: { NODE_PATH: join(root, "nodejs/node_modules") },
      });
      expect(stdout).toBe("2,4\n");
    },
  );

  it.skipIf(montyModule({ platform: "linux", arch: "arm64" }))(
    "is none where npm brought no module for the platform",
    () => {
      expect(buildPythonLayer("linux-arm64", join(root, "none"))).toBeUndefined();
    },
  );
});
