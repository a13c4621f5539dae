import type { BlockHeader } from "../../contracts/columns.ts";
import { FAULT } from "./answer.ts";

type Columns = BlockHeader["columns"];

/** Columns that come from the trusted realm as arguments; numbers lie in shared memory. */
const parametersOf = (columns: Columns): string[] =>
  columns.flatMap(({ kind }, index) => (kind === "number" ? [] : [`c${index}`]));

/** A key of an object literal that is always an own property. */
const keyOf = (name: string): string => (name === "__proto__" ? '["__proto__"]' : JSON.stringify(name));

const readingOf = ({ kind }: Columns[number], index: number): string =>
  ({ text: `c${index}`, json: `parse(c${index})`, number: `n${index}[row]` })[kind];

/**
 * Our closure in a program's realm. Values come in as primitives and the row is made here, so that a program
 * meets no object of another realm; it is made anew for each call, so that no program sees another's changes.
 * Numbers are read from shared memory here, where V8 can leave out those that a program does not look at: as
 * arguments they cost 3 times what small programs do. Only these variables lead to that memory, and reading an
 * element asks no prototype. Its own script, for a program must not share a scope with it; before the realm is
 * hardened, which takes typed arrays away, and before the program, for it may patch JSON.
 */
export const bridgeScript = (columns: Columns): string => {
  const numbers = columns.flatMap(({ kind }, index) => (kind === "number" ? [`n${index}`] : []));
  return `(function () {
  "use strict";
  const parse = JSON.parse;
  let ${["label", ...numbers].join(", ")};
  return {
    bind(shared, rows) {
      ${numbers.map((name, position) => `${name} = new Float64Array(shared, ${position} * 8 * rows, rows);`).join(" ")}
    },
    make(create) { label = create(); return typeof label === "function"; },
    call(${["row", ...parametersOf(columns)].join(", ")}) {
      return label({ ${columns.map((column, index) => `${keyOf(column.name)}: ${readingOf(column, index)}`).join(", ")} });
    },
  };
})()`;
};

/** The program as a function that returns its `label`. The source has to be a complete script by itself. */
export const programScript = (source: string): string =>
  `(function () {${source}\n;return typeof label === "function" ? label : undefined;})`;

/**
 * The trusted realm: holds the rows, asks programs, writes votes into memory that no program sees. Of what
 * programs return it looks at primitive strings only, and of what they throw at nothing. It stops by itself between two
 * rows, for one in the middle of which V8 stops has to be asked again, in a new realm.
 */
export const runnerScript = (classes: readonly string[], columns: Columns): string => `(function () {
  "use strict";
  const now = Date.now;
  const classOf = new Map(JSON.parse(${JSON.stringify(JSON.stringify(classes))}).map((name, index) => [name, index]));
  let ${["votes", "progress", ...parametersOf(columns)]};
  return {
    bind(shared, progressBytes) {
      progress = new Int32Array(shared, 0, 1);
      votes = new Int8Array(shared, progressBytes);
    },
    load(${parametersOf(columns).map((name) => `${name}Values`)}) {
      ${parametersOf(columns)
        .map((name) => `${name} = ${name}Values;`)
        .join(" ")}
    },
    make(make, create) {
      try { return make(create) === true; } catch { return false; }
    },
    run(call, from, to, mostMs) {
      const started = now();
      for (let row = from; row < to; row++) {
        progress[0] = row;
        if ((row & 3) === 3 && now() - started > mostMs) return;
        let vote = ${FAULT.error};
        try {
          const answer = call(${["row", ...parametersOf(columns).map((name) => `${name}[row]`)].join(", ")});
          if (answer === null || answer === undefined) vote = -1;
          else {
            vote = ${FAULT.badReturn};
            if (typeof answer === "string") {
              const index = classOf.get(answer);
              if (index !== undefined) vote = index;
            }
          }
        } catch {}
        votes[row] = vote;
      }
      progress[0] = to;
    },
  };
})()`;
