import { expect, it } from "vitest";
import { withCachedPatterns } from "../../lib/python/cached-patterns.ts";

it.each([
  ["import re\nre.search('a', t)", "import re\n__re_search('a', t)"],
  [
    "import json, re\nx = [re.findall('a', t), re . sub(p, 'b', t)]",
    "import json, re\nx = [__re_findall('a', t), __re_sub(p, 'b', t)]",
  ],
  ["import re as r\nr.split(',', t)  # r.split(t)", "import re as r\n__re_split(',', t)  # r.split(t)"],
])("gives calls of re to functions that keep their patterns: %j", (source, expected) => {
  expect(withCachedPatterns(source)).toBe(expected);
});

it.each([
  "import re\nP = re.compile('a')\nP.search(t); re.escape(t); 're.search(t)'; x.re.search(t); re.search",
  "def f(re): return re.search('a')",
])("leaves everything else as it is: %j", (source) => {
  expect(withCachedPatterns(source)).toBe(source);
});
