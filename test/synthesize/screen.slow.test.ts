import { afterAll, expect, it } from "vitest";
import { isolateRunner } from "../../lib/adapters/isolates/isolate-runner.ts";
import { ProgramId } from "../../lib/contracts/names.ts";
import { probeRows } from "../../lib/synthesize/probes.ts";
import { screened } from "../../lib/synthesize/screen.ts";
import { taskOf } from "../support/tasks.ts";

const runner = isolateRunner({ children: 1 });
afterAll(() => runner.close());

const OVER = expect.stringMatching(
  /works for more than a second on a probe row|had to be stopped on the probe rows/,
);

/** What contained runs say of each program. */
const reasonsOf = (task: ReturnType<typeof taskOf>, bodies: string[]) =>
  screened(
    bodies.map((body, index) => ({
      id: ProgramId.parse(`program-${index}`),
      language: "javascript",
      source: `${body.startsWith("const") ? body : `function label(row) { ${body} }`}\n`,
    })),
    {
      classes: task.classes.map(({ name }) => name),
      probes: probeRows(task, task.input.columns ?? []),
      runner,
      hardening: "standard",
    },
  );

it("tries text programs in the sandbox, and none spoils another's trial", async () => {
  const reasons = await reasonsOf(taskOf(), [
    'return /\\bfree\\b/i.test(row.text) ? "spam" : null;',
    "for (;;) {}",
    'return ["junk"][0];',
    'return row.text.length > 10000 ? "ju" + "nk" : null;',
    "return row.body.length > 3 ? null : null;",
    "const words = missing; function label(row) { return null; }",
    'let list = []; for (;;) list.push("x".repeat(1e6) + list.length);',
    "return row.text.length > 10000 ? row.nothing.here : null;",
  ]);
  expect(reasons).toEqual([
    undefined,
    OVER,
    'on 15 of 15 probe rows label returned something other than "spam", "ham" or null',
    'on 3 of 15 probe rows label returned something other than "spam", "ham" or null',
    "it throws on every one of the probe rows",
    "it does not start: its top level throws, or defines no function label",
    OVER,
    undefined,
  ]);
});

it("tries record programs on cells of every kind", async () => {
  const task = taskOf({ modality: "record", input: { columns: ["mass", "island"] } });
  const reasons = await reasonsOf(task, [
    'return typeof row.mass === "number" && row.mass > 4000 ? "spam" : null;',
    'return row.mass === null ? "a".repeat(2) : null;',
    'return row.island.toLowerCase() === "dream" ? "ham" : null;',
  ]);
  expect(reasons).toEqual([
    undefined,
    'on 2 of 32 probe rows label returned something other than "spam", "ham" or null',
    undefined,
  ]);
});

it("rejects a program that answers every row and takes 50 ms for each", async () => {
  const busy =
    "let n = 0; for (const end = 6e7; n < end; n++); return row.text.length > n ? 'ham' : /free/.test(row.text) ? 'spam' : null;";
  expect(await reasonsOf(taskOf(), [busy, 'return /free/.test(row.text) ? "spam" : null;'])).toEqual([
    "it is too slow: over 256 short rows it takes more than some 5 ms of processor time a row, and a run drops such a program",
    undefined,
  ]);
});

it("rejects what reading does not find: votes that depend on the rows before", async () => {
  const reasons = await reasonsOf(taskOf(), [
    // The state hides in an intrinsic of its own realm.
    'let home = Object.getPrototypeOf({}); home.n = (home.n ?? 0) + 1; return home.n % 3 === 0 ? "spam" : null;',
    // Forwards and backwards it has the same past.
    'let home = Object.getPrototypeOf({}); let first = home.n === undefined; home.n = 1; return first ? "ham" : null;',
    'return row.text.length > 100 ? "spam" : null;',
  ]);
  const whenAlone = /depend on the rows before .* when it is the only one/;
  expect(reasons).toEqual([expect.stringMatching(whenAlone), expect.stringMatching(whenAlone), undefined]);
});
