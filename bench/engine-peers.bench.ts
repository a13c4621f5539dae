import { spawnSync } from "node:child_process";
import { createContext, Script } from "node:vm";
import { Monty } from "@pydantic/monty";
import { getQuickJS } from "quickjs-emscripten";
import { isolateRunner } from "../lib/adapters/isolates/isolate-runner.ts";
import { ABSTAIN, packColumns } from "../lib/contracts/columns.ts";
import { CLASSES, rowsOf, runnable, SOURCES } from "./mail-programs.ts";
import { PYTHON_SOURCES } from "./mail-programs-python.ts";
import { cpuMs } from "./measure.ts";

/**
 * The same ten programs over the same mail in other ways of running them: plain V8, `node:vm` (no sandbox at all), the
 * sandbox, CPython's plain loop, pandas' apply where pandas is installed, QuickJS as WebAssembly, and Monty. CPU time,
 * start included.
 *
 *     npm run bench engine-peers          ROWS=10000 npm run bench engine-peers
 */
const ROWS = Number(process.env.ROWS ?? 50_000);
/** Interpreters that are slow get fewer rows. */
const MONTY_ROWS = 200;
const QUICKJS_ROWS = 2_000;

/** Reads sources and rows from stdin as JSON, says the votes and the CPU time of the loop alone; `apply` as pandas does it. */
const PYTHON = `
import json, sys, time
given = json.load(sys.stdin)
labels = []
for source in given["sources"]:
    scope = {}
    exec(source, scope)
    labels.append(scope["label"])
rows = given["rows"]
if given["apply"]:
    import pandas
    frame = pandas.DataFrame({"text": rows})
start = time.process_time()
if given["apply"]:
    votes = [frame.apply(lambda row, f=f: f(row["text"]), axis=1).tolist() for f in labels]
else:
    votes = [[f(text) for text in rows] for f in labels]
print(json.dumps({"ms": (time.process_time() - start) * 1000, "votes": votes}))
`;

type Votes = (string | null | undefined)[][];
const measured = async (run: () => Votes | Promise<Votes>) => {
  const before = cpuMs();
  const votes = await run();
  return { ms: cpuMs() - before, votes };
};

function python(rows: readonly string[], apply: boolean): { ms: number; votes: Votes } | undefined {
  const input = JSON.stringify({ sources: PYTHON_SOURCES, rows, apply });
  const { status, stdout } = spawnSync("python3", ["-c", PYTHON], { input, maxBuffer: 2 ** 30 });
  return status === 0 ? JSON.parse(String(stdout)) : undefined;
}

const collected = "function label(text) { return __label({ text }); }";
const inContext = (source: string) => {
  const context = createContext({});
  new Script(source.replace("function label(", "function __label(") + collected).runInContext(context);
  return context.label as (text: string) => string | null;
};

function monty(rows: readonly string[]): Votes {
  return PYTHON_SOURCES.map((source) => {
    const program = new Monty(`${source}\n[label(text) for text in rows]`, { inputs: ["rows"] });
    return program.run({ inputs: { rows: [...rows] } }) as Votes[number];
  });
}

/** A context a program, all rows in as JSON at once and all votes out: calls across its boundary cost more. */
async function quickjs(rows: readonly string[]): Promise<Votes> {
  const engine = await getQuickJS();
  return SOURCES.map((source) => {
    const context = engine.newContext();
    const given = context.newString(JSON.stringify(rows));
    context.setProp(context.global, "rows", given);
    given.dispose();
    const code = `${source}\n;JSON.stringify(JSON.parse(rows).map((text) => label({ text }) ?? null))`;
    const answer = context.unwrapResult(context.evalCode(code));
    const votes = JSON.parse(context.getString(answer)) as Votes[number];
    answer.dispose();
    context.dispose();
    return votes;
  });
}

for (const [name, length, count] of [
  ["short rows", 80, ROWS],
  ["long rows", 1_200, Math.ceil(ROWS / 10)],
] as const) {
  const rows = rowsOf(length, count);
  const plain = await measured(() =>
    SOURCES.map((source) => {
      const label = new Function(`${source}\n;return label;`)() as (row: { text: string }) => string | null;
      return rows.map((text) => label({ text }));
    }),
  );
  const sandbox = await measured(async () => {
    const runner = isolateRunner({ children: 1 });
    const columns = packColumns([{ name: "text", kind: "text", values: rows }], rows.length);
    const outcomes = await runner.run({ classes: CLASSES, programs: runnable(SOURCES), columns });
    await runner.close();
    return outcomes.map(({ votes }) =>
      Array.from(votes, (vote) => (vote === ABSTAIN ? null : CLASSES[vote])),
    );
  });
  const vm = await measured(() => SOURCES.map(inContext).map((label) => rows.map((text) => label(text))));
  const few = rows.slice(0, MONTY_ROWS);
  const some = rows.slice(0, QUICKJS_ROWS);
  const ways: [string, number, { ms: number; votes: Votes } | undefined][] = [
    ["plain functions", count, plain],
    ["sandbox, start included", count, sandbox],
    ["node:vm", count, vm],
    ["CPython, plain loop", count, python(rows, false)],
    ["CPython, pandas apply", count, python(rows, true)],
    ["QuickJS, WebAssembly", some.length, await measured(() => quickjs(some))],
    ["Monty", few.length, await measured(() => monty(few))],
  ];
  console.log(`${count.toLocaleString("en")} ${name} × ${SOURCES.length} programs`);
  const speedOf = (ms: number, of: number) => (of * SOURCES.length) / ms;
  for (const [what, of, outcome] of ways) {
    if (outcome === undefined) {
      console.log(`  ${what.padEnd(26)} is not installed`);
      continue;
    }
    const agreeing = outcome.votes.flatMap((votes, program) =>
      votes.filter((vote, row) => (vote ?? null) === (plain.votes[program][row] ?? null)),
    ).length;
    const speed = speedOf(outcome.ms, of);
    console.log(
      `  ${what.padEnd(26)} ${speed.toFixed(1).padStart(7)} k votes / CPU-s   ${(speed / speedOf(plain.ms, count)).toFixed(4)} × plain   ${((100 * agreeing) / (of * SOURCES.length)).toFixed(2)} % of votes as plain`,
    );
  }
}
