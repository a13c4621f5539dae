import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { CONFIDENCE_BINS } from "../aggregate/overview.ts";
import type { Draw, Plot } from "./draw.ts";
import type { Html } from "./html.ts";
import { count, percent, shortened } from "./numbers.ts";
import { type Palette, paletteOf } from "./palette.ts";

/** Classes that get a bar of their own. */
const BARS = 20;
const MARGIN = 110;

/** What charts of votes are drawn from. */
export interface Drawing {
  Plot: Plot;
  draw: Draw;
  /** Ids and class names, in the run's order. */
  programs: readonly string[];
  classes: readonly string[];
  result: AggregateResult;
  /** [classes], rows published with each label. */
  labels: readonly number[];
}

/** Rows that got each label. */
export function classChart({ Plot, draw, classes, labels }: Drawing): Html {
  const bars = classes
    .map((name, label) => ({ name, rows: labels[label] }))
    .sort((one, other) => other.rows - one.rows)
    .slice(0, BARS);
  const shown =
    classes.length > BARS ? `the ${BARS} most frequent of ${classes.length} classes` : "all classes";
  return draw({
    title: `Labels by class (${shown})`,
    says: bars.map(({ name, rows }) => `${name}: ${count(rows)} rows`).join(", "),
    options: {
      height: 50 + 22 * bars.length,
      marginLeft: MARGIN,
      marginRight: 40,
      x: { label: "rows", domain: [0, Math.max(1, bars[0].rows)], grid: true, ticks: 3, tickFormat: "~s" },
      y: { label: null, domain: bars.map(({ name }) => name), tickFormat: (name: string) => shortened(name) },
      marks: [
        Plot.barX(bars, { x: "rows", y: "name", fill: "var(--c0)" }),
        Plot.text(bars, {
          x: "rows",
          y: "name",
          text: ({ rows }) => count(rows),
          dx: 4,
          textAnchor: "start",
        }),
      ],
    },
  });
}

/** How sure the label model is of its labels. */
export function confidenceChart(drawing: Drawing): Html {
  const { Plot, draw, result } = drawing;
  const palette = paletteFor(drawing);
  const bins = result.overview.confidence.flatMap((rows, label) =>
    rows.flatMap((number, bin) =>
      number > 0
        ? [
            {
              from: bin / CONFIDENCE_BINS,
              to: (bin + 1) / CONFIDENCE_BINS,
              rows: number,
              group: palette.groupOf(label),
            },
          ]
        : [],
    ),
  );
  const sure = bins.reduce((sum, { from, rows }) => sum + (from >= 0.95 ? rows : 0), 0);
  return draw({
    title: "Confidence of the labels, as the label model estimates it",
    says: `${count(sure)} of ${count(result.statistics.covered)} labeled rows have a confidence of 0.95 or more`,
    legend: palette.legend,
    options: {
      height: 200,
      marginLeft: 50,
      color: { domain: palette.groups, range: palette.colours },
      x: { label: "confidence", domain: [0, 1] },
      y: { label: "rows", grid: true, ticks: 4, tickFormat: "~s" },
      marks: [
        Plot.rectY(
          bins,
          Plot.stackY({ x1: "from", x2: "to", y: "rows", fill: "group", order: palette.groups }),
        ),
        Plot.ruleY([0]),
      ],
    },
  });
}

/** Which part of the rows each program votes on, and for what. */
export function votesChart(drawing: Drawing): Html {
  const { Plot, draw, programs, result } = drawing;
  const palette = paletteFor(drawing);
  const { rows } = result.statistics;
  const shares = result.overview.votes.flatMap((votes, program) => {
    const byGroup = new Map<string, number>();
    for (const [label, number] of votes.entries()) {
      const group = palette.groupOf(label);
      byGroup.set(group, (byGroup.get(group) ?? 0) + number);
    }
    return [...byGroup].map(([group, number]) => ({
      program: programs[program],
      group,
      share: number / rows,
    }));
  });
  return draw({
    title: "Votes by program",
    says: programs
      .map((id, at) => `${id} votes on ${percent(result.programs[at].coverage)} of the rows`)
      .join(", "),
    legend: palette.legend,
    options: {
      height: 50 + 22 * programs.length,
      marginLeft: MARGIN,
      color: { domain: palette.groups, range: palette.colours },
      x: { label: "share of the rows", domain: [0, 1], tickFormat: "%", ticks: 4, grid: true },
      y: { label: null, domain: [...programs], tickFormat: (id: string) => shortened(id) },
      marks: [
        Plot.barX(
          shares.filter(({ share }) => share > 0),
          Plot.stackX({ x: "share", y: "program", fill: "group", order: palette.groups }),
        ),
      ],
    },
  });
}

/** Which programs vote alike: copies of each other stand out. */
export function agreementChart({ Plot, draw, programs, result }: Drawing): Html {
  const { agreement } = result.overview;
  const pairs = agreement.flatMap((shares, first) =>
    shares.flatMap((share, second) =>
      share === null ? [] : [{ first: programs[first], second: programs[second], share }],
    ),
  );
  const most = pairs.toSorted((one, other) => other.share - one.share)[0];
  const side = Math.max(12, Math.min(24, Math.floor(220 / programs.length)));
  const band = { label: null, domain: [...programs], tickFormat: (id: string) => shortened(id) };
  return draw({
    title: "Agreement of programs, where both vote",
    says: most
      ? `${most.first} and ${most.second} agree most, on ${percent(most.share)} of the rows on which both vote`
      : "No two programs vote on the same row",
    options: {
      width: MARGIN + 10 + side * programs.length,
      height: MARGIN + 10 + side * programs.length,
      marginLeft: MARGIN,
      marginBottom: MARGIN,
      marginTop: 0,
      x: { ...band, tickRotate: -90 },
      y: band,
      opacity: { domain: [0.5, 1], range: [0.05, 1], clamp: true },
      marks: [
        Plot.cell(pairs, { x: "first", y: "second", fill: "var(--c0)", fillOpacity: "share", inset: 0.5 }),
        Plot.text(programs.length <= 12 ? pairs : [], {
          x: "first",
          y: "second",
          text: ({ share }) => Math.round(100 * share),
          fill: ({ share }) => (share > 0.8 ? "var(--page)" : "var(--text)"),
        }),
      ],
    },
  });
}

const paletteFor = ({ classes, result }: Drawing): Palette => paletteOf(classes, result.labels);
