import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, folderOf, ownTask } from "../support/cli.ts";

/** A small disk at `path`, or false where this process may not mount one. */
function mountDisk(path: string, sizeKiB: number): boolean {
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeKiB}k`, "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a disk that cannot be written", () => {
  it("is said plainly when it fills up while labels are published, leaves nothing that looks complete, and is gone on from once there is room", async (context) => {
    const rows = Array.from(
      { length: 50_000 },
      (_, row) => `${row},"free, or see you, number ${row}",ham\n`,
    ).join("");
    using folder = folderOf(ownTask({ "data/mails.csv": `id,text,label\n${rows}` }));
    const disk = join(folder.path, "disk");
    // Shards and votes fit, the labels beside them do not.
    if (!mountDisk(disk, 6_400)) return context.skip("this process may not mount a disk");
    try {
      const full = await cli(["run", folder.path, "--out", disk]);
      expect(full.code).toBe(1);
      expect(full.stderr).toContain("the disk is full. Free some space");
      expect(full.stderr).toContain("run again to go on from here");
      const labels = join(disk, "labels", "mails");
      expect(existsSync(join(labels, "_SUCCESS"))).toBe(false);
      const parts = existsSync(labels) ? readdirSync(labels).filter((name) => name.startsWith("part-")) : [];

      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      const again = await cli(["run", folder.path, "--out", disk, "--json"]);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.stdout).tally.votesComputed).toBe(0);

      const elsewhere = join(folder.path, "elsewhere");
      await cli(["run", folder.path, "--out", elsewhere]);
      const partsOf = (out: string) =>
        readdirSync(join(out, "labels", "mails"))
          .filter((name) => name.startsWith("part-"))
          .map((name) => readFileSync(join(out, "labels", "mails", name), "utf8"));
      expect(partsOf(disk)).toEqual(partsOf(elsewhere));
      expect(parts.length).toBeLessThan(partsOf(disk).length);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("is said as plainly where the disk is read-only", async (context) => {
    using folder = folderOf(ownTask());
    const disk = join(folder.path, "disk");
    if (!mountDisk(disk, 1_000)) return context.skip("this process may not mount a disk");
    try {
      execFileSync("mount", ["-o", "remount,ro", disk]);
      const { code, stderr } = await cli(["run", folder.path, "--out", disk]);
      expect(code).toBe(1);
      expect(stderr).toContain("on a read-only file system. Choose another with --out DIR");
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});
