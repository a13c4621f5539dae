import type { BlockHeader } from "../../contracts/columns.ts";
import { FAULT } from "./answer.ts";

type Columns = BlockHeader["columns"];

const parametersOf = (columns: Columns): string[] => columns.map((_, index) => `c${index}`);

/** A key of an object literal that is always an own property. */
const keyOf = (name: string): string => (name === "__proto__" ? '["__proto__"]' : JSON.stringify(name));

/**
 * Our closure in a program's realm. Values come in as primitives and the row is made here, so that a program
 * meets no object of another realm; it is made anew for each call, so that no program sees another's changes.
 * Its own script, for a program must not share a scope with it; before the program, for it may patch JSON.
 */
export const bridgeScript = (columns: Columns): string => `(function () {
  "use strict";
  const parse = JSON.parse;
  let label;
  return {
    make(create) { label = create(); return typeof label === "function"; },
    call(${parametersOf(columns)}) {
      return label({ ${columns
        .map(
          ({ name, kind }, index) => `${keyOf(name)}: ${kind === "json" ? `parse(c${index})` : `c${index}`}`,
        )
        .join(", ")} });
    },
  };
})()`;

/** The program as a function that returns its `label`. The source has to be a complete script by itself. */
export const programScript = (source: string): string =>
  `(function () {${source}\n;return typeof label === "function" ? label : undefined;})`;

/**
 * The trusted realm: holds the rows, asks programs, writes votes into memory that no program sees. Of what
 * programs return it looks at primitive strings only, and of what they throw at nothing.
 */
export const runnerScript = (classes: readonly string[], columns: Columns): string => `(function () {
  "use strict";
  const classOf = new Map(JSON.parse(${JSON.stringify(JSON.stringify(classes))}).map((name, index) => [name, index]));
  let ${["votes", "progress", ...parametersOf(columns)]};
  return {
    bind(shared, progressBytes) {
      progress = new Int32Array(shared, 0, 1);
      votes = new Int8Array(shared, progressBytes);
    },
    load(${columns.map((_, index) => `values${index}`)}) {
      ${columns.map((_, index) => `c${index} = values${index};`).join(" ")}
    },
    make(make, create) {
      try { return make(create) === true; } catch { return false; }
    },
    run(call, from, to) {
      for (let row = from; row < to; row++) {
        progress[0] = row;
        let vote = ${FAULT.error};
        try {
          const answer = call(${parametersOf(columns).map((name) => `${name}[row]`)});
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
