/** Predictions counted against gold, as they stream by; counters of parts add up entry by entry. */
export interface MetricCounter {
  classes: number;
  /** Row-major [classes × (classes + 1)]: gold by predicted class, the last column without a prediction. */
  confusion: Float64Array;
}

/** How good one class's labels are. A ratio without anything to divide by is 0. */
export interface ClassMetrics {
  precision: number;
  recall: number;
  f1: number;
  /** Gold rows of the class. */
  support: number;
}

export interface Metrics {
  /** Rows with gold. */
  rows: number;
  /** Share of them that have a prediction. */
  coverage: number;
  /** Share of them predicted right; one without a prediction counts as wrong. */
  accuracy: number;
  /** Mean F1 of the classes that occur in gold or predictions. */
  macroF1: number;
  /** By class name. */
  classes: Record<string, ClassMetrics>;
  /** [classes] of [classes + 1] rows: gold by predicted, the last without a prediction. */
  confusion: number[][];
}

export const metricCounter = (classes: number): MetricCounter => ({
  classes,
  confusion: new Float64Array(classes * (classes + 1)),
});

/**
 * Counts a prediction.
 *
 * @param predicted class, or −1 for none
 * @param weight rows it stands for; of predictions tied for a row, each gets its share
 */
export function countPrediction(counter: MetricCounter, gold: number, predicted: number, weight = 1): void {
  const column = predicted < 0 ? counter.classes : predicted;
  counter.confusion[gold * (counter.classes + 1) + column] += weight;
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

/** The metrics of everything counted. @param names [classes] */
export function metricsOf({ classes, confusion }: MetricCounter, names: readonly string[]): Metrics {
  const rowOf = (gold: number) => [...confusion.subarray(gold * (classes + 1), (gold + 1) * (classes + 1))];
  const table = names.map((_, gold) => rowOf(gold));
  let rows = 0;
  let predicted = 0;
  let right = 0;
  let f1Sum = 0;
  let occurring = 0;
  const ofClass = names.map((name, label): [string, ClassMetrics] => {
    const support = table[label].reduce((sum, count) => sum + count, 0);
    const predictions = table.reduce((sum, row) => sum + row[label], 0);
    const hits = table[label][label];
    rows += support;
    predicted += predictions;
    right += hits;
    const f1 = ratio(2 * hits, support + predictions);
    if (support + predictions > 0) {
      f1Sum += f1;
      occurring += 1;
    }
    return [name, { precision: ratio(hits, predictions), recall: ratio(hits, support), f1, support }];
  });
  return {
    rows,
    coverage: ratio(predicted, rows),
    accuracy: ratio(right, rows),
    macroF1: ratio(f1Sum, occurring),
    classes: Object.fromEntries(ofClass),
    confusion: table,
  };
}
