import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("bin/cdk.ts writes the stack's template where CDK_OUTDIR says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cdk-"));
  try {
    const { stderr } = await promisify(execFile)(process.execPath, ["bin/cdk.ts"], {
      cwd: join(import.meta.dirname, "../.."),
      env: { CDK_OUTDIR: folder },
    });
    expect(stderr).toBe("");
    const template = JSON.parse(await readFile(join(folder, "Alchemist.template.json"), "utf8"));
    expect(Object.keys(template.Outputs)).toEqual(["BucketName", "Inbox", "Work", "Outbox"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
