import fc from "fast-check";
import { expect, it } from "vitest";
import { idLedger } from "../../lib/fan-out/id-ledger.ts";

it("notices exactly the ids that stood before", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 200 }), (ids) => {
      const ledger = idLedger();
      const before = new Set<string>();
      for (const id of ids) {
        expect(ledger.isRepeated(id)).toBe(before.has(id));
        before.add(id);
      }
    }),
  );
});

it("tells apart half a million ids that differ in a digit", () => {
  const ledger = idLedger();
  let repeated = 0;
  for (let row = 0; row < 500_000; row++) if (ledger.isRepeated(`row-${row}`)) repeated += 1;
  expect(repeated).toBe(0);
});
