/** Distinct ids that are remembered: 64 MiB. Past that, repeats of later ids go unnoticed, never rows unlabeled. */
const MOST_IDS = 4_194_304;

/**
 * Notices repeated ids in bounded memory: an open-addressing table of 53-bit hashes. Two different ids collide with
 * probability n² / 2⁵⁴, one in a thousand at four million; a repeat is only a remark in the receipt.
 */
export function idLedger(): { isRepeated(id: string): boolean } {
  let table = new Float64Array(1 << 12);
  let known = 0;

  const slotOf = (hash: number): number => {
    const mask = table.length - 1;
    let slot = hash % table.length;
    while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  };

  return {
    isRepeated(id) {
      const hash = hash53(id);
      const slot = slotOf(hash);
      if (table[slot] === hash) return true;
      if (known >= MOST_IDS) return false;
      table[slot] = hash;
      known += 1;
      if (known * 2 > table.length) {
        const before = table;
        table = new Float64Array(before.length * 2);
        for (const entry of before) if (entry !== 0) table[slotOf(entry)] = entry;
      }
      return false;
    },
  };
}

/** Two multiplicative 32-bit hashes side by side, 53 bits together; never 0, which marks an empty slot. */
function hash53(text: string): number {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995);
  }
  low ^= low >>> 15;
  high = Math.imul(high ^ (high >>> 13), 0xc2b2ae35) ^ (low << 3);
  return (low >>> 0) + (high & 0x1fffff) * 4_294_967_296 + 1;
}
