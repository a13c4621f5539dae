import { type Attack, attack, label, STOPPED } from "./programs.ts";

/** Attacks on what the first ones left out: work after the answer, the collector, compilers in C++, our own wrappers, state in odd places. */
export const FURTHER: Attack[] = [
  attack(
    "a loop that begins after the answer",
    label("(async () => { await 0; for (;;) {} })(); return null;"),
  ),
  attack(
    "a rejection that nobody awaits, with a getter that loops",
    label(
      "(async () => { await 0; throw { get stack() { for (;;) {} }, get message() { for (;;) {} } }; })(); return null;",
    ),
  ),
  attack(
    "a list made of an endless asynchronous iterator",
    label("Array.fromAsync({ async *[Symbol.asyncIterator]() { for (;;) yield 1; } }); return null;"),
  ),
  attack(
    "a chain of weak maps that the collector has to follow",
    label(
      "const m = new WeakMap(); let k = {}; const first = k; for (;;) { const n = {}; m.set(k, n); k = n; }",
    ),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "nested repetitions that compile to millions of instructions",
    label(
      "return new RegExp('(?:(?:(?:a?b?){1,200}){1,200}){1,200}c').test('ab'.repeat(500)) ? 'spam' : null;",
    ),
    "error",
    ...STOPPED,
  ),
  attack(
    "a pattern that falls back to the linear engine with large repetitions",
    label("return /^(?:(?:a|a){1,300}){1,300}$/.test('a'.repeat(5e4) + '!') ? 'spam' : 'ham';"),
  ),
  attack(
    "a search of a long string in a longer one",
    label(
      "return ('a'.repeat(4e6)).includes('b' + 'a'.repeat(2e6)) || ('a'.repeat(4e6)).lastIndexOf('b' + 'a'.repeat(2e6)) > 0 ? 'spam' : 'ham';",
    ),
    ...STOPPED,
  ),
  attack(
    "a replacement by all that went before",
    label("return 'a'.repeat(1e6).replace(/a/g, '$`').length > 1 ? 'spam' : null;"),
    "error",
    ...STOPPED,
  ),
  attack(
    "a list of an iterator helper without end",
    label(
      "return Iterator.from({ next: () => ({ value: 'x'.repeat(100), done: false }) }).map((x) => [x]).toArray();",
    ),
    ...STOPPED,
    "error",
  ),
  attack(
    "a list that holds itself, flattened",
    label("const a = []; for (let i = 0; i < 30; i++) a.push(a); return a.flat(Infinity);"),
    ...STOPPED,
    "error",
  ),
  attack(
    "sorting a list-like object of 2⁵³ − 1",
    label(
      "return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1) || Array.prototype.sort.call({ length: 2 ** 53 - 1 });",
    ),
    ...STOPPED,
    "error",
  ),
  attack(
    "stack traces of unlimited length from deep recursion",
    "Error.stackTraceLimit = Infinity; Error.prepareStackTrace = (e, frames) => frames.map(String).join(); const f = (n) => { if (n === 0) return new Error('x').stack; return f(n - 1) + n; }; function label() { return f(7000).length > 3 ? 'spam' : null; }",
    "error",
    ...STOPPED,
  ),
  attack(
    "a getter without end as label",
    "Object.defineProperty(globalThis, 'label', { get() { for (;;) {} } });",
    "compile",
    "killed",
  ),
  attack(
    "the wrapper's own arguments",
    "var found = arguments.callee.caller ?? arguments[0]; function label() { return found === undefined || found === null ? 'ham' : 'spam'; }",
  ),
  attack(
    "a global object whose prototype answers for every name",
    "Object.setPrototypeOf(globalThis, { get label() { return () => 'ham'; }, get parse() { throw 1; } });",
  ),
  attack(
    "memory held just below the limit, which others then run into",
    "const held = []; for (let i = 0; i < 1e5; i++) held.push(new Array(120).fill(i + 0.5)); function label() { return held.length > 9 ? 'ham' : null; }",
  ),
  attack(
    "frames of our own functions in a stack trace",
    "Error.prepareStackTrace = (e, frames) => frames.flatMap((f) => [f.getThis(), f.getFunction(), f.getEvalOrigin?.()]).filter((x) => x && x !== label && x !== globalThis && typeof x !== 'string'); function label() { return new Error().stack.length > 0 ? 'spam' : 'ham'; }",
  ),
  attack(
    "a name for the memory that numbers lie in",
    "const names = ['n0', 'c0', 'shared', 'parse', 'votes', 'progress']; function label() { for (const n of names) if (globalThis[n] !== undefined) return 'spam'; try { return n0 ? 'spam' : 'spam'; } catch {} return typeof Float64Array === 'undefined' ? 'ham' : 'spam'; }",
  ),
  attack(
    "what the last row's pattern matched",
    label(
      "const before = RegExp.$1 + RegExp.lastMatch + RegExp.input; /(.*)/.test(row.text); return before === '' ? 'ham' : 'spam';",
    ),
    "error",
  ),
  attack(
    "properties that are looked up while an answer is compared",
    "for (const t of [String.prototype, Object.prototype]) for (const k of ['hash', 'length', 'valueOf', Symbol.toPrimitive, Symbol.toStringTag, 'get', 'has']) { try { Object.defineProperty(t, k, { get() { for (;;) {} } }); } catch {} } function label() { return 'sp' + 'am'; }",
  ),
];
