import { expect, it } from "vitest";
import { checkPython, lackReason } from "../../lib/synthesize/check-python.ts";

const LABEL = "def label_function(row):\n    return 0\n";
const check = (source: string, columns = ["text"]) => checkPython(source, ["spam", "ham"], columns);

it.each([
  "import re\nWORDS = ['a', 'b']\nP = re.compile('a', re.I)\ndef label_function(text):\n    found = []\n    for w in WORDS:\n        if w in text: found.append(w)\n    return 1 if len(found) > 1 else -1\n",
  'def label(row):\n    """class, yield, del: import os"""\n    return "spam" if "x" in row["text"] else None\n',
  "from typing import Optional\ndef label_function(row) -> Optional[int]:\n    kinds = {}\n    kinds['a'] = 1\n    n = 5 % 2\n    return (n, 0)[0]\n",
  "T = {}\nfor w in ['a']:\n    T[w] = 1\ndef label_function(row):\n    def inner(x): return 7\n    return T.get(row['text'], -1)\n",
  "X = [1]\ndef label_function(row):\n    X = []\n    X.append(1)\n    return 0\n",
])("finds nothing wrong with %j", (source) => {
  expect(check(source)).toBeUndefined();
});

const HAVE = "Python programs have only re, math, json, datetime, typing";

it.each([
  [
    `class A:\n    pass\n${LABEL}`,
    "in line 1 it uses `class`, and Python programs cannot have classes: use functions, tuples and dicts instead",
  ],
  [
    `def f():\n    yield 1\n${LABEL}`,
    "in line 2 it uses `yield`, and Python programs cannot have generators: build a list and return it instead",
  ],
  [
    `async def f():\n    pass\n${LABEL}`,
    "in line 1 it uses `async`, and Python programs cannot have async functions: nothing can be waited for, so leave the word out",
  ],
  [
    `x = {}\ndel x['a']\n${LABEL}`,
    "in line 2 it uses `del`, and Python programs cannot have the del statement: assign None, or build a new list or dict without the element",
  ],
  [
    `with open('x') as f:\n    pass\n${LABEL}`,
    "in line 1 it uses `with`, and Python programs cannot have the with statement: there is no file to open; put the words into the program",
  ],
  [
    `@cache\n${LABEL}`,
    "in line 1 it has a decorator, which Python programs cannot use here: call the function",
  ],
  [
    `x = '%d' % 5\n${LABEL}`,
    'in line 1 it uses %-formatting, which Python programs cannot use here: write an f-string, such as f"{value:.2f}"',
  ],
  [
    `x = '{}'.format(5)\n${LABEL}`,
    'in line 1 it uses str.format: write an f-string, such as f"{value:.2f}" (Python programs cannot use the method here)',
  ],
  [
    `x = str.maketrans('a', 'b')\n${LABEL}`,
    "in line 1 it uses str.maketrans: use a chain of replace calls (Python programs cannot use the method here)",
  ],
  [`import os\n${LABEL}`, `in line 1 it imports os: ${HAVE}`],
  [`import re, collections\n${LABEL}`, `in line 1 it imports collections: ${HAVE}`],
  [`from itertools import chain\n${LABEL}`, `in line 1 it imports itertools: ${HAVE}`],
  [
    `from re import search\n${LABEL}`,
    "in line 1 it imports from re: write import re, and re.search with the dot",
  ],
  [`from math import *\n${LABEL}`, "in line 1 it imports *: name what you import"],
  [
    `def f():\n    import re\n${LABEL}`,
    "in line 2 it imports inside a function: write import at the top of the program",
  ],
  [
    `x = open('/etc/passwd')\n${LABEL}`,
    "in line 1 it calls open(), which Python programs cannot use here: programs have no files",
  ],
  [
    `x = eval('1')\n${LABEL}`,
    "in line 1 it calls eval(), which Python programs cannot use here: programs have no code from strings",
  ],
  [
    `x = __import__('os')\n${LABEL}`,
    "in line 1 it calls __import__(), which Python programs cannot use here: write import at the top of the program",
  ],
  [
    `x = hash('a')\n${LABEL}`,
    "in line 1 it calls hash(), which Python programs cannot use here: its values differ between Pythons; compare the values themselves",
  ],
  [`x = __builtins__\n${LABEL}`, "in line 1 it names __builtins__, which Python programs do not have"],
  [
    `d = {}\nx = max(d, key=d.get)\n${LABEL}`,
    "in line 2 it hands on the method get without a call, which Python programs cannot do here: write a lambda that calls it",
  ],
  ["def classify(row):\n    return 0\n", "it defines no function label_function at its top level"],
  [
    "def label_function(row, n):\n    return 0\n",
    "label_function has the parameters (row, n): it takes one, called row or text",
  ],
  ["def label(x):\n    return 0\n", "label has the parameters (x): it takes one, called row or text"],
  [
    "n = 0\ndef label_function(row):\n    global n\n    return 0\n",
    "in line 3 it has a global statement: a vote may depend on its row alone",
  ],
  [
    "seen = []\ndef label_function(row):\n    seen.append(1)\n    return 0\n",
    "in line 3 it changes `seen`, which lasts from row to row: a vote may depend on its row alone",
  ],
  [
    "seen = {'a': {}}\ndef f():\n    seen['a'][1] = 2\ndef label_function(row):\n    return 0\n",
    "in line 3 it changes `seen`, which lasts from row to row: a vote may depend on its row alone",
  ],
  [
    "def label_function(row):\n    return True\n",
    "label_function returns True, and may return only the number of a class (0 to 1), the name of a class, -1 or None",
  ],
  [
    "def label(row):\n    return 'junk'\n",
    "label returns 'junk', and may return only the number of a class (0 to 1), the name of a class, -1 or None",
  ],
  [
    "def label(row):\n    return 2\n",
    "label returns 2, and may return only the number of a class (0 to 1), the name of a class, -1 or None",
  ],
  [
    "def label(row):\n    return 0.5\n",
    "label returns 0.5, and may return only the number of a class (0 to 1), the name of a class, -1 or None",
  ],
])("refuses %j by the name of what is wrong", (source, reason) => {
  expect(check(source)).toBe(reason);
});

it("refuses a program of more than 32 KB", () => {
  expect(check(`${LABEL}#${"x".repeat(33_000)}`)).toBe(
    `it has ${LABEL.length + 33_001} bytes, and a program may have 32768`,
  );
});

it("gives a text only to programs of tasks that have one", () => {
  expect(check("def label(text):\n    return 0\n", ["mass"])).toBe(
    "label has the parameters (text): it takes one, called row",
  );
});

it.each([
  [
    "line 2: NotImplementedError: The monty syntax parser does not yet support pattern matching (match statements)",
    "in line 2 it uses what Python programs cannot have here, the match statement: use if and elif",
  ],
  [
    "TypeError: callable replacement is not yet supported in re.sub()",
    "it uses what Python programs cannot have here, a function as the replacement of re.sub: loop over re.finditer",
  ],
  [
    "TypeError: unsupported operand type(s) for +: 'int' and 'bool'",
    "it uses what Python programs cannot have here, arithmetic with True and False: write int(…), or 1 if … else 0",
  ],
  [
    "AttributeError: 'type' object has no attribute 'lower'",
    "it uses what Python programs cannot have here, a method of a type as a value: write a lambda that calls it",
  ],
  ["TypeError: unsupported operand type(s) for +: 'int' and 'str'", undefined],
  ["NameError: name 'callable' is not defined", "it cannot run: NameError: name 'callable' is not defined"],
  ["ValueError: x", undefined],
  ["str 'NameError'", undefined],
  [undefined, undefined],
])("reads from %j what the interpreter lacks", (complaint, reason) => {
  expect(lackReason(complaint)).toBe(reason);
});
