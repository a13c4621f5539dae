import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isolateRunner, ProgramRunnerError } from "../../../lib/adapters/isolates/isolate-runner.ts";
import { jobOf, texts } from "./job-of.ts";

/** Programs in a call that V8 cannot interrupt: only the end of the process ends them. */
const STUCK = jobOf(["const label = () => [].indexOf.call({ length: 2 ** 53 - 1 }, 1);"], texts("a"));
const PATIENT = { children: 2, limits: { hangMs: 60_000 } };

/** The processes for programs that `parent` has, and what CPU time in clock ticks they have had. */
function childrenOf(parent: number): { pid: number; ticks: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // After the name in parentheses: state, parent, …, user and system time.
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        const ours = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("isolates/child.ts");
        if (!ours || fields[1] !== String(parent)) return [];
        return [{ pid: Number(pid), ticks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return []; // It ended meanwhile.
      }
    });
}

const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Two children, both well into their program: starting takes them 0.2 seconds of CPU time. */
const stuckChildren = (parent: number) =>
  expect
    .poll(() => childrenOf(parent).filter(({ ticks }) => ticks > 30), { timeout: 20_000 })
    .toHaveLength(2)
    .then(() => childrenOf(parent).map(({ pid }) => pid));

/** A process of its own with two jobs in a runner. */
function startParent(job: typeof STUCK, then: string) {
  const lib = new URL("../../../lib/adapters/isolates/isolate-runner.ts", import.meta.url);
  const code = `
    import { isolateRunner } from ${JSON.stringify(lib)};
    const runner = isolateRunner(${JSON.stringify(PATIENT)});
    const job = ${JSON.stringify({ ...job, columns: [...job.columns] })};
    job.columns = Uint8Array.from(job.columns);
    const work = Promise.all([runner.run(job), runner.run(job)]);
    ${then}`;
  return spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe.skipIf(process.platform !== "linux")("no child is left", () => {
  it("when the parent is killed while programs are stuck", async () => {
    const parent = startParent(STUCK, "");
    const children = await stuckChildren(parent.pid ?? 0);
    parent.kill("SIGKILL");
    await expect.poll(() => children.filter(alive), { timeout: 10_000 }).toEqual([]);
  });

  it("when the parent comes to its end without closing", async () => {
    const parent = startParent(jobOf(["const label = () => null;"], texts("a")), "await work;");
    const children: number[] = [];
    parent.stdout.resume();
    const exit = once(parent, "exit");
    await expect
      .poll(() => children.push(...childrenOf(parent.pid ?? 0).map(({ pid }) => pid)), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect((await exit)[0]).toBe(0);
    await expect.poll(() => children.filter(alive), { timeout: 10_000 }).toEqual([]);
  });

  it("when a runner is closed while programs are stuck", async () => {
    const runner = isolateRunner(PATIENT);
    const work = Promise.allSettled([runner.run(STUCK), runner.run(STUCK), runner.run(STUCK)]);
    const children = await stuckChildren(process.pid);
    await runner.close();
    expect(children.filter(alive)).toEqual([]);
    const closed = { status: "rejected", reason: expect.any(ProgramRunnerError) };
    expect(await work).toEqual([closed, closed, closed]);
  });
});
