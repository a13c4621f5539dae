/** Predictions counted by group: rows of one gold class and one value of the column of groups. */
export interface GroupCounter {
  /** By class, then by value. */
  counts: Map<number, Map<string, { rows: number; right: number }>>;
}

/** How good labels are in one group. */
export interface GroupMetrics {
  class: string;
  group: string;
  rows: number;
  accuracy: number;
}

/** How evenly good labels are: a model that leans on what merely goes with a class is bad where it does not. */
export interface GroupReport {
  /** Share of all rows predicted right. */
  average: number;
  worst: GroupMetrics;
  /** Average less worst. */
  gap: number;
  groups: GroupMetrics[];
}

export const groupCounter = (): GroupCounter => ({ counts: new Map() });

/** Counts a prediction. @param predicted class, or −1 for none, which counts as wrong */
export function countInGroup({ counts }: GroupCounter, gold: number, group: string, predicted: number): void {
  const ofClass = counts.get(gold) ?? new Map<string, { rows: number; right: number }>();
  counts.set(gold, ofClass);
  const count = ofClass.get(group) ?? { rows: 0, right: 0 };
  ofClass.set(group, count);
  count.rows += 1;
  if (gold === predicted) count.right += 1;
}

/** The report of everything counted, undefined where nothing was. @param names [classes] */
export function groupReportOf({ counts }: GroupCounter, names: readonly string[]): GroupReport | undefined {
  const groups: GroupMetrics[] = [];
  let rows = 0;
  let right = 0;
  for (const [gold, ofClass] of [...counts].sort(([one], [other]) => one - other)) {
    for (const [group, count] of [...ofClass].sort(([one], [other]) => (one < other ? -1 : 1))) {
      rows += count.rows;
      right += count.right;
      groups.push({ class: names[gold], group, rows: count.rows, accuracy: count.right / count.rows });
    }
  }
  if (rows === 0) return undefined;
  const worst = groups.reduce((least, one) => (one.accuracy < least.accuracy ? one : least));
  const average = right / rows;
  return { average, worst, gap: average - worst.accuracy, groups };
}
