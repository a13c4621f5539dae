import type { ProgramFaults } from "../../../../lib/ports.ts";
import type { Attack } from "./programs.ts";

const attack = (name: string, body: string, ...faults: (keyof ProgramFaults)[]): Attack => ({
  name,
  source: `${body}\n`,
  faults,
});

/** An attack in the function; `row` is at hand. */
const inside = (name: string, body: string, ...faults: (keyof ProgramFaults)[]): Attack =>
  attack(
    name,
    `import re, json\ndef label_function(row):\n${body
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")}\n    return 0`,
    ...faults,
  );

/** An attack at the top level, before the function. */
const onTop = (name: string, body: string, ...faults: (keyof ProgramFaults)[]): Attack =>
  attack(name, `${body}\ndef label_function(row):\n    return 0`, ...faults);

/** Python programs that try to get out, to hang, to fill memory or to touch other programs, and how they are to be counted. */
export const PYTHON_ATTACKS: Attack[] = [
  inside("an endless loop", "while True: pass", "timeout", "killed"),
  inside(
    "an endless loop that catches BaseException",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "timeout",
    "killed",
  ),
  inside(
    "an endless loop that finally goes on",
    "while True:\n    try:\n        while True: pass\n    finally: continue",
    "timeout",
    "killed",
  ),
  inside(
    "a row that hangs now and then",
    "if row['text'].endswith('7'):\n    while True: pass",
    "timeout",
    "killed",
  ),
  onTop("an endless loop on top", "while True: pass", "compile"),
  inside("recursion without end", "return label_function(row)", "error"),
  inside(
    "recursion that catches its end",
    "try:\n    return label_function(row)\nexcept BaseException:\n    return label_function(row)",
    "error",
    "timeout",
    "killed",
  ),
  inside(
    "recursion through sorted",
    "return sorted([1], key=lambda x: label_function(row))[0]",
    "error",
    "killed",
  ),
  inside("a list without end", "x = []\nwhile True: x.append('a' * 1000)", "killed"),
  inside(
    "a list without end that catches MemoryError",
    "x = []\nwhile True:\n    try:\n        while True: x.append('a' * 1000)\n    except BaseException: pass",
    "killed",
  ),
  inside("a list that doubles", "x = [0]\nwhile True: x += x", "killed"),
  inside("a dict without end", "d = {}\nn = 0\nwhile True:\n    d[n] = [n]\n    n += 1", "killed", "timeout"),
  inside("a huge string", "x = 'x' * 10**9", "killed"),
  inside("a huge number", "x = 10 ** 10 ** 8", "killed", "error"),
  inside("a huge shift", "x = 1 << 10 ** 10", "killed", "error"),
  inside("a replace that explodes", "x = ('a' * 10**6).replace('a', 'b' * 10**6)", "killed"),
  inside("a padding without end", "x = f'{1:>10000000000}'", "killed", "error"),
  inside("a catastrophic pattern", "re.search('^(a+)+$', 'a' * 5000 + 'b')"),
  inside(
    "a catastrophic pattern with a reference",
    "re.search(r'(a|aa)+\\1$', 'a' * 5000 + 'b')",
    "error",
    "killed",
  ),
  inside("a pattern that is huge", "re.compile('(a{1000}){1000}')", "error", "killed"),
  inside("patterns without end", "for n in range(10**9): re.search(f'a{n}', 'b')", "timeout", "killed"),
  inside("a sum without end", "sum(range(10**12))", "timeout", "killed"),
  inside("a file", "open('/etc/passwd').read()", "compile"),
  inside("a file written", "open('/tmp/hostile', 'w').write('x')", "compile"),
  onTop("the environment", "import os\nx = os.environ['HOME']", "compile"),
  onTop("a path", "from pathlib import Path\nx = Path('/etc/passwd').read_text()", "compile"),
  onTop("a process", "import subprocess\nsubprocess.run('touch /tmp/hostile')", "compile"),
  inside("an import", "__import__('os').system('touch /tmp/hostile')", "error"),
  inside("eval", "eval('1')", "error"),
  inside("a walk to the classes", "().__class__.__bases__[0].__subclasses__()", "error"),
  inside("a walk through a function", "label_function.__globals__", "error"),
  inside("the clock", "import datetime\ndatetime.datetime.now()", "compile"),
  onTop("a flood of prints", "for n in range(10**9): print('x' * 10000)", "compile"),
  inside("a flood of prints a row", "for n in range(10**9): print('x' * 10000)", "timeout", "killed"),
  onTop(
    "nesting without end",
    "import json\na = []\nfor n in range(100000): a = [a]\njson.dumps(a)",
    "compile",
    "killed",
  ),
  onTop("brackets without end", `x = ${"(".repeat(15_000)}1${")".repeat(15_000)}`, "compile", "killed"),
  onTop("an endless f-string", `x = ${"f'{".repeat(3_000)}1${"}'".repeat(3_000)}`, "compile", "killed"),
  inside("a deep answer", "a = []\nfor n in range(100000): a = [a]\nreturn a", "badReturn", "killed"),
  inside("an answer that holds itself", "a = []\na.append(a)\nreturn a", "badReturn"),
  attack(
    "a function that takes the place of ours",
    "def __ask(*x): return [[0] * 400, None]\ndef label_function(row): return 1",
    "compile",
  ),
  attack(
    "votes made up",
    "def __ask(*x): return [[77] * 10**6, {'a': 1}]\ndef label_function(row): return 1",
    "compile",
  ),
  attack(
    "a deep answer made up",
    "def __ask(*x):\n    a = []\n    for n in range(100000): a = [a]\n    return a\ndef label_function(row): return 1",
    "compile",
    "killed",
  ),
  attack("a source that closes ours", "def label_function(row): return 1\n)\n'''", "compile"),
  inside("a time limit made up", "raise TimeoutError('time limit exceeded: 1ms > 0ms')", "error"),
  onTop("a time limit made up on top", "raise TimeoutError('time limit exceeded: 1ms > 0ms')", "compile"),
  onTop("a memory limit made up on top", "raise MemoryError('x')", "compile"),
];
