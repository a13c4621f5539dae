/** Globals that programs keep; every other one goes, whatever a later V8 may bring. */
const KEPT = [
  "globalThis Infinity NaN undefined isFinite isNaN parseFloat parseInt",
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape",
  "Object Function Array String Number Boolean Symbol Map Set WeakMap WeakSet Date RegExp Math JSON Reflect Iterator",
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError",
]
  .join(" ")
  .split(" ");

/**
 * Run in each program's context before the program: what is left is ordinary JavaScript that answers the
 * same everywhere and always. Nothing is frozen: V8 keeps its fast paths only for untouched intrinsics
 * (freezing them all cost a factor of 3.5).
 */
export const HARDEN = `(function () {
  "use strict";
  const define = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
  const absent = (what) => function () { throw new TypeError("Programs have no " + what); };

  // Code from strings: through eval and through the constructors that every function leads to.
  const noCode = absent("code from strings");
  noCode.prototype = Function.prototype;
  for (const kind of [function () {}, async function () {}, function* () {}, async function* () {}])
    Object.defineProperty(Object.getPrototypeOf(kind), "constructor", { value: noCode, writable: false, configurable: false });
  globalThis.Function = noCode;

  const Clock = Date;
  const noClock = absent("clock");
  define(globalThis, "Date", function Date(...parts) {
    if (new.target === undefined || parts.length === 0) noClock();
    return Reflect.construct(Clock, parts, new.target);
  });
  Date.prototype = Clock.prototype;
  define(Date.prototype, "constructor", Date);
  define(Date, "UTC", Clock.UTC);
  define(Date, "parse", Clock.parse);
  define(Date, "now", noClock);
  define(Math, "random", absent("randomness"));

  // What the last pattern matched, RegExp.$1 and the like, lasts from row to row.
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(RegExp)))
    if (get) Object.defineProperty(RegExp, name, { get: absent("RegExp." + name), set: undefined });

  // Locales differ between machines: their methods do what the ones without a locale do.
  define(String.prototype, "localeCompare", function localeCompare(other) {
    const a = String(this), b = String(other);
    return a < b ? -1 : a > b ? 1 : 0;
  });
  define(String.prototype, "toLocaleLowerCase", String.prototype.toLowerCase);
  define(String.prototype, "toLocaleUpperCase", String.prototype.toUpperCase);
  for (const type of [Array, Number, Date])
    define(type.prototype, "toLocaleString", function toLocaleString() { return this.toString(); });
  define(Date.prototype, "toLocaleDateString", Date.prototype.toDateString);
  define(Date.prototype, "toLocaleTimeString", Date.prototype.toTimeString);
  // Literals lead to types whose names are gone.
  for (const literal of [(async () => {})(), 0n]) {
    delete Object.getPrototypeOf(literal).constructor;
    delete Object.getPrototypeOf(literal).toLocaleString;
  }

  const kept = new Set(${JSON.stringify(KEPT)});
  for (const name of Reflect.ownKeys(globalThis)) if (!kept.has(name)) delete globalThis[name];
})();`;
