import { readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../lib/adapters/isolates/isolate-runner.ts";
import { faults, jobOf, texts } from "./job-of.ts";

const GOOD = `function label(row) { return row.text === "a" ? "spam" : "ham"; }`;
/** Work that V8 cannot interrupt, on one row alone. */
const KILLER = `function label(row) { return row.text === "b" && [].indexOf.call({ length: 2 ** 53 - 1 }, 1) ? "ham" : "ham"; }`;
const KILLED = { votes: [-1, -1], faults: faults({ killed: 2 }) };

const runner = isolateRunner({ children: 1, limits: { rowMs: 100, hangMs: 500 } });
afterAll(() => runner.close());

/** Work that V8 can interrupt, on one row alone. */
const ENDLESS = `function label(row) { while (row.text === "b"); return "ham"; }`;

describe.each([
  { what: "had to be killed", source: KILLER, stopped: KILLED, unasked: faults({ killed: 2 }) },
  {
    what: "timed out",
    source: ENDLESS,
    stopped: { votes: [-1, -1], faults: faults({ timeout: 1 }) },
    unasked: faults({ timeout: 2 }),
  },
])("a program that $what", ({ what, source, stopped, unasked }) => {
  const ranOn = async (rows: string[], scope?: string) => {
    const [, outcome] = await runner.run({ ...jobOf([GOOD, source], texts(...rows)), scope });
    return { ...outcome, votes: [...outcome.votes] };
  };
  const well = { votes: [1, 1], faults: faults() };

  it("is not run again in its scope, where its votes count no more in any case", async () => {
    expect(await ranOn(["a", "b"], `${what}, one`)).toMatchObject(stopped);
    expect(await ranOn(["a", "c"], `${what}, one`)).toEqual({
      votes: [-1, -1],
      faults: unasked,
      first: {},
      cpuMs: 0,
      unasked: true,
    });
  });

  it("is run again in another, whose labels do not depend on what was labeled before", async () => {
    expect(await ranOn(["a", "c"], `${what}, two`)).toMatchObject(well);
    expect(await ranOn(["a", "b"])).toMatchObject(stopped);
    expect(await ranOn(["a", "c"])).toMatchObject(well);
  });
});

it("blames no child for the work of an earlier job", async () => {
  const strict = isolateRunner({ children: 1, limits: { sliceMs: 40, hangMs: 200, lostChildren: 0 } });
  const others = new Set(childrenOf(process.pid));
  const busy = `function label(row) { let sum = 0; for (let i = 0; i < 2e5; i++) sum += i % 7; return sum > 0 ? "ham" : null; }`;
  await strict.run(jobOf([busy], texts(...Array.from({ length: 4_000 }, () => ""))));
  const [pid] = childrenOf(process.pid).filter((child) => !others.has(child));
  // Looked at before it has said a word of the second job, as on a machine that is busy elsewhere.
  process.kill(pid, "SIGSTOP");
  const asked = strict.run(jobOf([busy], texts("")));
  setTimeout(() => process.kill(pid, "SIGCONT"), 400);
  expect((await asked)[0].faults).toEqual(faults());
  await strict.close();
});

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

it("keeps where a program was stopped when the child is lost at another, and votes of the rest", async () => {
  const outcomes = await runner.run(jobOf([ENDLESS, KILLER, GOOD], texts("a", "b")));
  expect(outcomes.map(({ votes, faults, first }) => ({ votes: [...votes], faults, first }))).toEqual([
    { votes: [-1, -1], faults: faults({ timeout: 1 }), first: { timeout: 1 } },
    { ...KILLED, first: { killed: 0 } },
    { votes: [0, 1], faults: faults(), first: {} },
  ]);
});

it("gives up by name when a job loses more children than its budget allows", async () => {
  const stingy = isolateRunner({ children: 1, limits: { hangMs: 500, lostChildren: 2 } });
  const job = jobOf([KILLER, `${KILLER} `, GOOD, `${KILLER}  `], texts("a", "b"));
  await expect(stingy.run(job)).rejects.toThrow(
    "3 processes were lost over one shard of data, so too many of its programs are hostile or broken. Remove those that work without end or fill the memory.",
  );
  await stingy.close();
});

it("begins anew with each row where it is asked to, and with each job", async () => {
  const counts = `const home = Object.getPrototypeOf({}); function label() { home.n = (home.n || 0) + 1; return home.n === 1 ? "spam" : "ham"; }`;
  const votes = async (fresh?: "job" | "row") => {
    const [outcome] = await runner.run({ ...jobOf([counts], texts("a", "b", "c")), fresh });
    return [...outcome.votes];
  };
  expect(await votes("row")).toEqual([0, 0, 0]);
  expect(await votes("job")).toEqual([0, 1, 1]);
  expect(await votes("job")).toEqual([0, 1, 1]);
});

describe.skipIf(process.platform !== "linux")("the process that programs run in", () => {
  it("has no environment, no child, no file but the pipes to its parent, and no socket that leaves the machine", async () => {
    process.env.ALCHEMIST_SECRET = "what programs must not see";
    const other = isolateRunner({ children: 1, limits: { hangMs: 60_000 } });
    const work = other.run(jobOf([KILLER], texts("b")));
    const pid = await expect.poll(busyChild, { timeout: 20_000 }).toBeGreaterThan(0).then(busyChild);
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    const children = (await readdir(`/proc/${pid}/task`)).map((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8"),
    );
    const files = (await readdir(`/proc/${pid}/fd`)).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const network = ["tcp", "tcp6", "udp", "udp6"].map((kind) =>
      readFileSync(`/proc/${pid}/net/${kind}`, "utf8"),
    );
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    await other.close();
    await work.catch(() => {});
    delete process.env.ALCHEMIST_SECRET;

    expect(environment).toEqual(["TZ=UTC", "LANG=C"]);
    expect(children.join("")).toBe("");
    expect(folder).toBe("/");
    const sockets = files.flatMap((file) => /^socket:\[(\d+)\]$/.exec(file)?.[1] ?? []);
    expect(sockets).toHaveLength(3);
    for (const inode of sockets) expect(network.join("")).not.toMatch(new RegExp(`\\s${inode}\\s`));
    expect(files.filter((file) => file.startsWith("/") && file !== "/dev/null")).toEqual([]);
  });
});

/** The child of this process that has worked for 0.3 seconds; 0 where there is none. */
function busyChild(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
  const busy = pids.find((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[11]) > 30;
  });
  return Number(busy ?? 0);
}
