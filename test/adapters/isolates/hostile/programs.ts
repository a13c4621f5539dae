/** A program that attacks, and what may come of it: `votes` that it may cast all the same, as far as that is known. */
export interface Attack {
  name: string;
  source: string;
  /** Faults of which one has to be counted on at least one row; none where it simply finds nothing to attack. */
  faults?: ("error" | "badReturn" | "timeout" | "killed" | "compile")[];
}

export const label = (body: string): string => `function label(row) { ${body} }`;
export const attack = (name: string, source: string, ...faults: NonNullable<Attack["faults"]>): Attack => ({
  name,
  source,
  ...(faults.length > 0 && { faults }),
});

export const STOPPED = ["timeout", "killed"] as const;

/** Work without end, most of it interruptible and some of it in C++ where only the end of the process ends it. */
const ENDLESS: Attack[] = [
  attack("an endless loop", label("for (;;) {}"), ...STOPPED),
  attack(
    "an endless loop at the top level",
    "for (;;) {} function label() { return null; }",
    "compile",
    "killed",
  ),
  attack(
    "a loop that catches its interruption",
    label("for (;;) { try { for (;;) {} } catch {} }"),
    ...STOPPED,
  ),
  attack("a loop in finally", label("try { throw 1; } finally { for (;;) {} }"), ...STOPPED),
  attack("a do-while over a string's end", label("while (row.text.endsWith(''));"), ...STOPPED),
  attack(
    "a loop over a growing string",
    label("let s = ''; while (s.length >= 0) { s = s.slice(1) + 'a'; }"),
    ...STOPPED,
  ),
  attack(
    "a generator without end",
    label("function* g() { for (;;) yield 1; } for (const x of g()) {} return null;"),
    ...STOPPED,
  ),
  attack(
    "an iterator without end",
    label(
      "const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }) }; } }; for (const x of it) {} return null;",
    ),
    ...STOPPED,
  ),
  attack("recursion without end", label("return label(row);"), "error", "killed"),
  attack(
    "mutual recursion with catches",
    label("function a() { try { b(); } catch { b(); } } function b() { try { a(); } catch { a(); } } a();"),
    ...STOPPED,
    "error",
  ),
  attack(
    "recursion on one row in a thousand",
    "const f = (n) => f(n + 1) + 1; function label(row) { return row.text.includes('cash') ? String(f(0)) : null; }",
    "error",
  ),
  attack(
    "a loop on one row in many",
    label("if (row.text.endsWith('37')) for (;;) {} return null;"),
    ...STOPPED,
  ),
  attack(
    "a sort whose comparison lies",
    label(
      "const a = Array.from({ length: 3e6 }, (_, i) => i); a.sort(() => 0.5 - (row.text.length % 2)); for (;;) a.sort((x, y) => y - x);",
    ),
    ...STOPPED,
  ),
  attack("a catastrophic pattern", label("return /^(a+)+$/.test('a'.repeat(40) + '!') ? 'spam' : 'ham';")),
  attack(
    "a catastrophic pattern with a backreference",
    label(String.raw`return /^(a+)+\1$/.test('a'.repeat(40) + '!') ? 'spam' : null;`),
    ...STOPPED,
  ),
  attack(
    "a catastrophic pattern with a look-behind",
    label(
      "return /(?<=^(a+)+)$/.test('a'.repeat(40) + '!') ? 'spam' : /(?=(a+)+b)(a|aa)+$/.test('a'.repeat(60) + '!') ? 'spam' : null;",
    ),
  ),
  attack(
    "indexOf over a list of 2⁵³ − 1",
    label("return [].indexOf.call({ length: 2 ** 53 - 1 }, 1) ? 'spam' : null;"),
    ...STOPPED,
  ),
  attack(
    "indexOf over a sparse list",
    label("const a = []; a.length = 2 ** 32 - 1; for (let i = 0; i < 1e4; i++) a.indexOf(1); return null;"),
    ...STOPPED,
  ),
  attack("join of a list of 2³² − 1", label("return Array(2 ** 32 - 1).join('a');"), "error", ...STOPPED),
  attack(
    "fill of a list of 2³² − 1",
    label("const a = []; a.length = 2 ** 32 - 1; a.fill(0); return null;"),
    "error",
    ...STOPPED,
  ),
  attack(
    "reverse of a list-like object",
    label("Array.prototype.reverse.call({ length: 2 ** 53 - 1 }); return null;"),
    ...STOPPED,
    "error",
  ),
  attack(
    "localeCompare of long strings",
    label("const s = 'a'.repeat(1 << 24); for (;;) s.localeCompare(s + 'b');"),
    ...STOPPED,
    "error",
  ),
  attack(
    "JSON of deep nesting in a loop",
    label("const s = '['.repeat(5e4) + ']'.repeat(5e4); for (;;) { try { JSON.parse(s); } catch {} }"),
    ...STOPPED,
    "error",
  ),
  attack("a factorial of BigInt literals", label("let n = 2n; for (;;) n *= n;"), ...STOPPED, "error"),
  attack(
    "a power of BigInt literals",
    label("return String(2n ** (2n ** 29n)).length > 1 ? 'spam' : null;"),
    ...STOPPED,
    "error",
  ),
  attack(
    "microtasks without end",
    "async function f() { for (;;) await null; } f(); function label() { return null; }",
  ),
  attack("a promise chain that feeds itself", label("(async () => { for (;;) await 0; })(); return null;")),
  attack(
    "normalize of a long string over and over",
    label("const s = '\\u0041\\u030a'.repeat(1e6); for (;;) s.normalize('NFC');"),
    ...STOPPED,
    "error",
  ),
  attack(
    "replaceAll with a callback over a long string",
    label("'a'.repeat(1e7).replace(/a/g, () => { for (;;) {} });"),
    ...STOPPED,
  ),
  attack("a getter without end in a spread", label("return { ...{ get a() { for (;;) {} } } };"), ...STOPPED),
];

/** More memory than there is, by ways that a heap limit sees and by ways that it does not. */
const GREEDY: Attack[] = [
  attack(
    "a list that grows",
    label("const a = []; for (;;) a.push(new Array(1e4).fill(1));"),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "a list that grows behind catches",
    label("const a = []; for (;;) { try { a.push(new Array(1e5).fill(1.5)); } catch {} }"),
    "killed",
    "error",
    "timeout",
  ),
  attack("a string that doubles", label("let s = 'ab'; for (;;) s += s;"), "error", "killed", "timeout"),
  attack(
    "strings kept from row to row",
    "const kept = []; function label(row) { kept.push('x'.repeat(1e7) + row.text); kept.at(-1).charCodeAt(5e6); return null; }",
  ),
  attack(
    "a map that grows",
    label("const m = new Map(); for (let i = 0; ; i++) m.set(i, {});"),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "a set that grows",
    label("const m = new Set(); for (let i = 0; ; i++) m.add('k' + i);"),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "closures that hold each other",
    label("let f = () => 0; for (;;) { const g = f; const a = new Array(1e3).fill(g); f = () => a; }"),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "split into many",
    label("return 'a'.repeat(1e8).split('').length;"),
    "error",
    "badReturn",
    "killed",
    "timeout",
  ),
  attack(
    "an array by spread",
    label("return Math.max(...Array(1e8).keys());"),
    "error",
    "badReturn",
    "killed",
    "timeout",
  ),
  attack(
    "padEnd to the limit",
    label("const a = []; for (;;) a.push('x'.padEnd(2 ** 28, String(a.length)).split('x'));"),
    "error",
    "killed",
    "timeout",
  ),
  attack("typed arrays", label("return new Float64Array(1e9);"), "error"),
  attack(
    "a resizable buffer",
    label("return new ArrayBuffer(1, { maxByteLength: 2e9 }).resize(2e9);"),
    "error",
  ),
  attack("memory of WebAssembly", label("return new WebAssembly.Memory({ initial: 30000 });"), "error"),
  attack("shared memory", label("return new SharedArrayBuffer(1e9);"), "error"),
  attack("formats of Intl", label("for (;;) new Intl.DateTimeFormat('de').format(0);"), "error"),
  attack(
    "a global that grows",
    "g = []; function label(row) { for (let i = 0; i < 1e5; i++) g.push({ i }); return null; }",
  ),
  attack(
    "a deep object",
    label("let o = {}; for (let i = 0; i < 1e7; i++) o = { o }; return JSON.stringify(o);"),
    "error",
    "killed",
    "timeout",
  ),
  attack(
    "many patterns",
    label(
      "const a = []; for (let i = 0; ; i++) { const r = new RegExp('a{' + (i % 1000) + '}' + i); r.test(row.text); a.push(r); }",
    ),
    "killed",
    "error",
    "timeout",
  ),
  attack(
    "symbols without end",
    label("const a = []; for (;;) a.push(Symbol('x'.repeat(1e4)));"),
    "killed",
    "error",
    "timeout",
  ),
];

/** Ways out: to Node, to the host's realm, to another program, to code from strings. */
const ESCAPES: Attack[] = [
  attack("process", label("return process.pid ? 'spam' : null;"), "error"),
  attack("require", label("return require('fs').readFileSync('/etc/passwd', 'utf8');"), "error"),
  attack(
    "a dynamic import",
    label("import('fs').then((fs) => fs.writeFileSync('/tmp/hostile', 'x')); return null;"),
    "error",
    "killed",
  ),
  attack(
    "globalThis.process by another name",
    label("return globalThis['pro' + 'cess'].mainModule ? 'spam' : null;"),
    "error",
  ),
  attack(
    "the constructor of a constructor",
    label("return row.constructor.constructor('return process')().pid;"),
    "error",
  ),
  attack(
    "the constructor of a string's method",
    label("return row.text.at.constructor('return this')() === globalThis ? 'spam' : null;"),
    "error",
  ),
  attack(
    "the constructor of an async function",
    label("return (async () => {}).constructor('return process')();"),
    "error",
  ),
  attack(
    "the constructor of a generator",
    label("return (function* () {}).constructor('yield process')().next();"),
    "error",
  ),
  attack(
    "Reflect.construct of Function",
    label("return Reflect.construct(Function, ['return process'])();"),
    "error",
  ),
  attack("eval", label("return eval('process.pid');"), "error"),
  attack("indirect eval", label("return (0, eval)('globalThis.process');"), "error"),
  attack("the caller", label("return arguments.callee.caller ? 'spam' : null;")),
  attack("the caller's arguments", label("return label.caller?.arguments ? 'spam' : null;")),
  attack(
    "prepareStackTrace",
    "Error.prepareStackTrace = (e, frames) => frames.map((f) => f.getThis?.() ?? f.getFunction?.()); function label() { const all = new Error().stack; for (const one of all) if (one && one.process) return 'spam'; return null; }",
  ),
  attack(
    "a Proxy as label",
    "var label = new Proxy(function () {}, { apply(t, th, args) { args.constructor.constructor('return process')(); return 'spam'; } });",
    "compile",
  ),
  attack(
    "a getter as label",
    "Object.defineProperty(globalThis, 'label', { get() { return () => 'spam'; } });",
  ),
  attack("a closing brace in front", "}); globalThis.stolen = 1; (function () {", "compile"),
  attack("a closing brace and a comment", "return () => 'spam'; } /*", "compile"),
  attack(
    "a template that closes ours",
    "`$" + "{(() => { throw 0 })()}`; function label() { return 'spam'; }",
    "compile",
  ),
  attack("an HTML comment", "<!-- \nfunction label() { return null; }"),
  attack("a directive to be debugged", label("debugger; return null;")),
  attack(
    "every prototype patched",
    "for (const t of [Array, Object, String, Map, Set, Function, Number, RegExp, Promise = Object]) for (const k of Reflect.ownKeys(t.prototype)) { try { t.prototype[k] = () => { throw 1; }; } catch {} } function label() { return 'spam'; }",
  ),
  attack(
    "Array.prototype with setters",
    "for (let i = 0; i < 100; i++) Object.defineProperty(Array.prototype, i, { set() { throw 1; }, get() { return 'ham'; } }); function label(row) { return 'spam'; }",
  ),
  attack(
    "Object.prototype with a setter",
    "Object.defineProperty(Object.prototype, 'text', { set() { globalThis.caught = true; } }); function label(row) { return row.text.length > 3 ? 'spam' : null; }",
  ),
  attack(
    "Symbol.hasInstance and toPrimitive",
    "Object.prototype[Symbol.toPrimitive] = () => 'spam'; Object.prototype.valueOf = () => 'spam'; function label() { return {}; }",
    "badReturn",
  ),
  attack(
    "call and apply patched",
    "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => () => 'spam'; function label() { return null; }",
  ),
  attack(
    "JSON patched",
    "JSON.parse = () => ({ text: 'free cash' }); JSON.stringify = () => '{}'; function label() { return null; }",
  ),
  attack(
    "the String constructor patched",
    "String.prototype.toString = () => 'spam'; String = () => 'spam'; function label() { return 'ham'; }",
  ),
  attack(
    "the global frozen",
    "Object.freeze(globalThis); Object.freeze(Object.prototype); Object.freeze(Array.prototype); function label() { return null; }",
  ),
  attack(
    "the global emptied",
    "for (const k of Reflect.ownKeys(globalThis)) delete globalThis[k]; function label() { return null; }",
  ),
  attack("ivm by name", label("return typeof ivm + typeof _ivm + typeof isolated; "), "badReturn"),
  attack("a shadow realm", label("return new ShadowRealm().evaluate('1');"), "error"),
  attack("timers", label("setTimeout(() => {}, 0); return null;"), "error"),
  attack("structuredClone", label("structuredClone(row); return null;"), "error"),
  attack("fetch", label("fetch('http://127.0.0.1:' + 9); return null;"), "error"),
  attack(
    "a weak reference to see the collector",
    label("return new WeakRef({}).deref() ? 'spam' : null;"),
    "error",
  ),
  attack("the clock", label("return Date.now() % 2 ? 'spam' : 'ham';"), "error"),
  attack("the clock by new Date", label("return new Date().getTime() % 2 ? 'spam' : 'ham';"), "error"),
  attack("the clock by Date()", label("return Date().length ? 'spam' : null;"), "error"),
  attack(
    "the clock by Reflect",
    label("return Reflect.construct(Date, [], Object).getTime ? 'spam' : null;"),
  ),
  attack(
    "the clock behind a prototype",
    label("return new Date.prototype.constructor().getTime() ? 'spam' : null;"),
    "error",
  ),
  attack("randomness", label("return Math.random() < 0.5 ? 'spam' : 'ham';"), "error"),
  attack("performance", label("return performance.now() ? 'spam' : null;"), "error"),
  attack("the time zone", label("return Intl.DateTimeFormat().resolvedOptions().timeZone;"), "error"),
];

/** What they give back and throw, which nobody of ours may touch. */
const ANSWERS: Attack[] = [
  attack(
    "an error whose message loops",
    label(
      "throw { get message() { for (;;) {} }, get stack() { for (;;) {} }, toString() { for (;;) {} } };",
    ),
    "error",
  ),
  attack(
    "an Error with a looping stack",
    label("const e = new Error(); Object.defineProperty(e, 'stack', { get() { for (;;) {} } }); throw e;"),
    "error",
  ),
  attack(
    "prepareStackTrace that loops",
    "Error.prepareStackTrace = () => { for (;;) {} }; function label() { null.x; }",
    "error",
    "timeout",
    "killed",
  ),
  attack(
    "an error at the top level with a looping message",
    "throw { get message() { for (;;) {} } }; function label() {}",
    "compile",
  ),
  attack("undefined thrown", label("throw undefined;"), "error"),
  attack(
    "a Proxy thrown",
    label("throw typeof Proxy === 'undefined' ? 1 : new Proxy({}, { get() { for (;;) {} } });"),
    "error",
  ),
  attack(
    "an object with a looping getter",
    label("return { get length() { for (;;) {} }, get then() { for (;;) {} } };"),
    "badReturn",
  ),
  attack("a thenable", label("return { then(done) { done('spam'); } };"), "badReturn"),
  attack("a promise", label("return (async () => 'spam')();"), "badReturn"),
  attack(
    "a promise that rejects with a looping error",
    label(
      "return (async () => { throw { get message() { for (;;) {} }, get stack() { for (;;) {} } }; })();",
    ),
    "badReturn",
    "killed",
  ),
  attack("a String object", label("return new String('spam');"), "badReturn"),
  attack(
    "an object that converts to a class",
    label("return { toString: () => 'spam', valueOf: () => 'spam', [Symbol.toPrimitive]: () => 'spam' };"),
    "badReturn",
  ),
  attack("NaN", label("return NaN;"), "badReturn"),
  attack("1.5", label("return 1.5;"), "badReturn"),
  attack("the index of a class", label("return 0;"), "badReturn"),
  attack("a class with a space", label("return 'spam ';"), "badReturn"),
  attack("a class of another task", label("return 'positive';"), "badReturn"),
  attack("a symbol", label("return Symbol.iterator;"), "badReturn"),
  attack("a function", label("return label;"), "badReturn"),
  attack("__proto__", label("return '__proto__';"), "badReturn"),
  attack("constructor", label("return 'constructor';"), "badReturn"),
  attack(
    "a string of 100 million",
    label("return 'spam'.padEnd(1e8, ' ');"),
    "badReturn",
    "error",
    "timeout",
    "killed",
  ),
  attack("a string that is still a rope", label("let s = 'sp'; s += row.text.slice(0, 0) + 'am'; return s;")),
  attack("a class as label", "class label { constructor() {} }", "compile", "error"),
  attack("a generator as label", "function* label() { yield 'spam'; }", "badReturn", "compile"),
  attack("an async function as label", "async function label() { return 'spam'; }", "badReturn", "compile"),
  attack("no label at all", "const lable = () => 'spam';", "compile"),
  attack("a label that is a string", "var label = 'spam';", "compile"),
  attack("no JavaScript", "label <- lambda row: 'spam'", "compile"),
  attack(
    "a row changed",
    label("row.text = 'free cash'; delete row.text; Object.setPrototypeOf(row, null); return null;"),
  ),
  attack("a label that replaces itself", "function label() { label = () => 'ham'; return 'spam'; }"),
  attack(
    "a source of a megabyte",
    `const s = "${"x".repeat(1 << 20)}"; function label() { return s.length > 3 ? 'spam' : null; }`,
  ),
  attack(
    "100,000 parentheses",
    `function label() { return ${"(".repeat(1e5)}null${")".repeat(1e5)}; }`,
    "compile",
  ),
  attack(
    "a pattern of 300,000 alternatives",
    label(
      `return new RegExp(Array.from({ length: 3e5 }, (_, i) => 'w' + i).join('|')).test(row.text) ? 'spam' : null;`,
    ),
    "error",
    "timeout",
    "killed",
  ),
];

export const ATTACKS: Attack[] = [...ENDLESS, ...GREEDY, ...ESCAPES, ...ANSWERS];
