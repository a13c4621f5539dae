import type ivm from "isolated-vm";
import type { BlockHeader } from "../../contracts/columns.ts";
import type { Chunk } from "./chunks.ts";
import { cpuMs } from "./cpu-ms.ts";
import { HARDEN } from "./harden.ts";
import type { ProgramLimits } from "./protocol.ts";
import { bridgeScript, programScript, runnerScript } from "./realms.ts";

/** CPU time that a program's top-level code may take. */
const TOP_LEVEL_MS = 200;
/** The runner's counter of rows, alone in its cache line. */
const PROGRESS_BYTES = 64;

/** What of a job decides how an isolate is built. */
export interface IsolateShape {
  classes: readonly string[];
  columns: BlockHeader["columns"];
}

/** An isolate with the trusted realm in it, and a realm a program. */
export interface ProgramIsolate {
  /** CPU milliseconds of this process so far, which while a program runs does nothing else. */
  cpuMs(): number;
  /** Adds a program; undefined where it does not compile or defines no `label`. */
  add(source: string, begin: () => void): Promise<Guest | undefined>;
  load(chunk: Chunk): Promise<void>;
  /**
   * Asks a program about rows of the chunk, from `from` on; `progress` says how far it came. False when it was interrupted at
   * that row, `timeoutMs` having passed.
   */
  ask(guest: Guest, from: number, to: number, timeoutMs: number): Promise<boolean>;
  /** Asks about one row until it has had `limitMs` of CPU time at once, however busy the machine; false when it has. */
  askRow(guest: Guest, row: number, limitMs: number, begin: () => void): Promise<boolean>;
  /** The row that was asked about last; `to` when all were. */
  progress(): number;
  /** The votes of the chunk, valid until the next question. */
  votes: Int8Array;
  /** True when a program filled the heap: the isolate is gone. */
  lost(): boolean;
  close(): void;
}

type Call = (...values: unknown[]) => unknown;

/** A program in its realm. */
export interface Guest {
  source: string;
  /** Its `label` behind our closure. */
  call: ivm.Reference<Call>;
}

/** Of the time after which it is interrupted, what a program may take before it is stopped between two rows. */
const STOP_SHARE = 0.6;

/**
 * Opens an isolate. Everything in it runs on another thread, so that this one can go on telling that it lives.
 *
 * @param engine the native module
 */
export async function openIsolate(
  engine: typeof ivm,
  { classes, columns }: IsolateShape,
  limits: ProgramLimits,
): Promise<ProgramIsolate> {
  const isolate = new engine.Isolate({
    memoryLimit: limits.heapMiB,
    onCatastrophicError: () => process.kill(process.pid, "SIGKILL"),
  });
  const shared = new SharedArrayBuffer(PROGRESS_BYTES + limits.chunkRows);
  const progress = new Int32Array(shared, 0, 1);
  const context = await isolate.createContext();
  const runner = await context.eval(runnerScript(classes, columns), { reference: true });
  const [bind, load, make, run] = await Promise.all(
    ["bind", "load", "make", "run"].map((name) => runner.get(name, { reference: true })),
  );
  const inside = <T>(value: T) => new engine.ExternalCopy(value).copyInto({ release: true });
  await bind.apply(undefined, [inside(shared), PROGRESS_BYTES]);
  const numbers = sharedNumbers(columns, limits);
  const harden = await isolate.compileScript(HARDEN);

  async function ask(guest: Guest, from: number, to: number, timeoutMs: number): Promise<boolean> {
    // A thread that never came to run says nothing of where it is.
    progress[0] = from;
    const asked = [guest.call.derefInto(), from, to, STOP_SHARE * timeoutMs];
    if (await inTime(run.apply(undefined, asked, { timeout: timeoutMs }))) return true;
    // In the middle of a row: nobody knows what it left in its realm, such as a pattern's lastIndex.
    const anew = await open(guest.source);
    if (anew === undefined) throw new Error("A program that was interrupted does not start again.");
    guest.call.release();
    guest.call = anew.call;
    return false;
  }

  /** Repeats an attempt, each a piece of work of its own and longer each time, until one comes to its end or has had `limitMs` of CPU time for itself. */
  async function untilSpent(
    limitMs: number,
    begin: () => void,
    attempt: (timeoutMs: number) => Promise<boolean>,
  ): Promise<boolean> {
    for (let timeoutMs = limitMs * 1.25; ; timeoutMs *= 2) {
      begin();
      const before = cpuMs();
      if (await attempt(timeoutMs)) return true;
      if (cpuMs() - before >= limitMs) return false;
    }
  }

  async function open(source: string, begin = () => {}): Promise<Guest | undefined> {
    const realm = await isolate.createContext();
    const bridge = await realm.eval(bridgeScript(columns), { reference: true });
    const [bindNumbers, makeLabel, call] = await Promise.all(
      ["bind", "make", "call"].map((name) => bridge.get(name, { reference: true })),
    );
    await bindNumbers.apply(undefined, [inside(numbers.buffer), numbers.rows]);
    await harden.run(realm);
    const create = await compiled(realm, source);
    if (create === undefined) return undefined;
    let made: unknown;
    await untilSpent(TOP_LEVEL_MS, begin, (timeout) =>
      inTime(
        make.apply(undefined, [makeLabel.derefInto(), create.derefInto()], { timeout }).then((answer) => {
          made = answer;
        }),
      ),
    );
    return made === true ? { source, call } : undefined;
  }

  /** A program as a function that has not run yet; undefined where the source is no script. */
  async function compiled(realm: ivm.Context, source: string) {
    try {
      // Alone first: a source that is no complete script could close the function that it is put into.
      (await isolate.compileScript(source)).release();
      return await realm.eval(programScript(source), { reference: true });
    } catch (error) {
      if (isolate.isDisposed) throw error;
      return undefined;
    }
  }

  return {
    votes: new Int8Array(shared, PROGRESS_BYTES),
    progress: () => progress[0],
    cpuMs,
    lost: () => isolate.isDisposed,

    add: open,

    async load({ columns: values }) {
      const texts = numbers.take(values);
      if (texts.length > 0) await load.apply(undefined, texts.map(inside));
    },

    ask,
    askRow: (guest, row, limitMs, begin) =>
      untilSpent(
        limitMs,
        begin,
        async (timeoutMs) => (await ask(guest, row, row + 1, timeoutMs)) && progress[0] > row,
      ),
    close: () => isolate.dispose(),
  };
}

/** Memory for the number columns of a chunk, each column's values behind each other. */
function sharedNumbers(columns: IsolateShape["columns"], { chunkRows, chunkBytes }: ProgramLimits) {
  const count = columns.filter(({ kind }) => kind === "number").length;
  const rows = count === 0 ? 0 : Math.max(1, Math.min(chunkRows, Math.floor(chunkBytes / (8 * count))));
  const all = new Float64Array(new SharedArrayBuffer(8 * rows * count));
  return {
    buffer: all.buffer,
    rows,
    /** Copies the numbers; the other columns are left. */
    take(values: Chunk["columns"]): string[][] {
      let at = 0;
      const texts: string[][] = [];
      for (const column of values) {
        if (column instanceof Float64Array) all.set(column, rows * at++);
        else texts.push(column);
      }
      return texts;
    },
  };
}

/** False when the isolate's clock ran out. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === "Script execution timed out.") return false;
    throw error;
  }
}
