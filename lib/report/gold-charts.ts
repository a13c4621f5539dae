import type { GoldCounts } from "../evaluate/gold-counts.ts";
import type { Html } from "./html.ts";
import { count, shortened } from "./numbers.ts";
import type { Drawing } from "./vote-charts.ts";

/** Classes that a confusion matrix shows. */
const CLASSES = 12;
const MARGIN = 110;

/** Whether labels are right as often as the label model thinks. */
export function reliabilityChart({ Plot, draw }: Drawing, { reliability }: GoldCounts): Html {
  const points = reliability
    .filter(({ rows }) => rows > 0)
    .map(({ rows, right, confidence }) => ({ confidence: confidence / rows, right: right / rows, rows }));
  return draw({
    title: "Reliability: how often labels of a confidence are right",
    says: points
      .map(({ confidence, right }) => `at confidence ${confidence.toFixed(2)}, ${right.toFixed(2)} are right`)
      .join("; "),
    options: {
      height: 260,
      marginLeft: 45,
      x: { label: "confidence", domain: [0, 1], grid: true },
      y: { label: "share right", domain: [0, 1], grid: true },
      r: { range: [2, 9] },
      marks: [
        Plot.line([0, 1], {
          x: (value) => value,
          y: (value) => value,
          stroke: "var(--faint)",
          strokeDasharray: "4 3",
        }),
        Plot.line(points, { x: "confidence", y: "right", stroke: "var(--c0)" }),
        Plot.dot(points, { x: "confidence", y: "right", r: "rows", fill: "var(--c0)" }),
      ],
    },
  });
}

/** Gold by label: what is taken for what. */
export function confusionChart({ Plot, draw, classes }: Drawing, { confusion }: GoldCounts): Html {
  const support = confusion.map((row) => row.reduce((sum, rows) => sum + rows, 0));
  const shown = [...classes.keys()]
    .sort((one, other) => support[other] - support[one] || one - other)
    .slice(0, CLASSES);
  // No class is called so: names of classes are not empty.
  const none = "";
  const cells = shown.flatMap((gold) =>
    [...shown, classes.length].map((label) => ({
      gold: classes[gold],
      label: classes[label] ?? none,
      rows: confusion[gold][label],
      share: support[gold] > 0 ? confusion[gold][label] / support[gold] : 0,
    })),
  );
  const names = shown.map((label) => classes[label]);
  const side = 44;
  const tickFormat = (name: string) => (name === none ? "(no label)" : shortened(name));
  return draw({
    title: `Gold (down) by label (across)${classes.length > CLASSES ? `, the ${CLASSES} most frequent of ${classes.length} classes` : ""}`,
    says: cells
      .filter(({ gold, label, rows }) => gold !== label && rows > 0)
      .toSorted((one, other) => other.rows - one.rows)
      .slice(0, 5)
      .map(({ gold, label, rows }) => `${count(rows)} rows of ${gold} labeled ${tickFormat(label)}`)
      .join(", "),
    options: {
      width: MARGIN + 10 + side * (shown.length + 1),
      height: MARGIN + 10 + side * shown.length,
      marginLeft: MARGIN,
      marginBottom: MARGIN,
      marginTop: 0,
      x: { label: null, domain: [...names, none], tickFormat, tickRotate: -90 },
      y: { label: null, domain: names, tickFormat },
      opacity: { domain: [0, 1], range: [0.03, 1] },
      marks: [
        Plot.cell(cells, { x: "label", y: "gold", fill: "var(--c0)", fillOpacity: "share", inset: 0.5 }),
        Plot.text(cells, {
          x: "label",
          y: "gold",
          text: ({ rows }) => (rows < 10_000 ? rows : `${Math.round(rows / 1_000)}k`),
          fill: ({ share }) => (share > 0.55 ? "var(--page)" : "var(--text)"),
        }),
      ],
    },
  });
}
