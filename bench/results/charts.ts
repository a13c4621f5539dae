import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { HumanFigures, TaskFigures } from "./figures.ts";
import { isFigures } from "./tables.ts";

const WIDTH = 720;
const ROW = 24;
const LINE = 16;
const KINDS_A_LINE = 4;
const KIND_WIDTH = 180;

/** The pictures of the results, by file name. */
export function charts(
  tasks: readonly TaskFigures[],
  humans: readonly HumanFigures[],
): Record<string, string> {
  return {
    "cost.svg": costs(tasks),
    "strategies.svg": strategies(tasks),
    "label-models.svg": labelModels(tasks),
    ...(humans.some(({ synthesized }) => isFigures(synthesized)) && {
      "human-written.svg": humanWritten(humans),
    }),
    "programs.svg": counts(tasks),
  };
}

/** A picture that stands alone: a page that shows it lends it no style and no colour. */
function drawn(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  // Plot's types know browsers' documents only; what it needs of one, this one has.
  const given = {
    width: WIDTH,
    marginLeft: 130,
    style: { fontSize: "12px" },
    ...options,
    document: document as never,
  };
  const svg = Plot.plot(given) as unknown as {
    setAttribute(name: string, value: string): void;
    outerHTML: string;
  };
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // Words for who hears the page are in the document that shows the picture.
  return `${svg.outerHTML.replace(/(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="white"/>')}\n`;
}

const byTask = (tasks: readonly { name: string }[]) => ({
  height: 90 + ROW * tasks.length,
  y: { label: null, domain: tasks.map(({ name }) => name), grid: true },
  color: { legend: false, scheme: "observable10" as const },
});

function costs(tasks: readonly TaskFigures[]): string {
  const dots = tasks.flatMap(({ name, cost }) =>
    cost === null
      ? []
      : [
          ...(cost.usd === null ? [] : [{ name, by: "programs, once", usd: cost.usd }]),
          ...cost.direct.slice(0, 1).map(({ model, usd }) => ({ name, by: `each row, ${model}`, usd })),
        ],
  );
  return withLegend(dots, "usd", "by", {
    ...byTask(tasks),
    x: { type: "log", label: "dollars", grid: true, tickFormat: (usd: number) => `$${usd}` },
  });
}

function strategies(tasks: readonly TaskFigures[]): string {
  const dots = tasks.flatMap(({ name, strategies }) =>
    Object.entries(strategies).flatMap(([strategy, found]) =>
      isFigures(found) ? [{ name, strategy, accuracy: found.auto.accuracy }] : [],
    ),
  );
  return withLegend(dots, "accuracy", "strategy", { ...byTask(tasks), x: accuracyAxis });
}

function labelModels(tasks: readonly TaskFigures[]): string {
  const dots = tasks.flatMap(({ name, models }) =>
    Object.entries(models).map(([model, { accuracy }]) => ({ name, model, accuracy })),
  );
  return withLegend(dots, "accuracy", "model", { ...byTask(tasks), x: accuracyAxis });
}

function humanWritten(humans: readonly HumanFigures[]): string {
  const dots = humans.flatMap(({ name, human, synthesized }) => [
    { name, by: "human-written", coverage: human.auto.coverage, accuracy: human.auto.accuracy },
    ...(isFigures(synthesized)
      ? [
          {
            name,
            by: "synthesized",
            coverage: synthesized.auto.coverage,
            accuracy: synthesized.auto.accuracy,
          },
        ]
      : []),
  ]);
  return withLegend(dots, "accuracy", "by", { ...byTask(humans), x: accuracyAxis });
}

const accuracyAxis = { label: "accuracy on all rows", grid: true, nice: true, tickFormat: ".0%" };

/** A dot a value in its task's row; what each colour means stands above. */
function withLegend(
  dots: readonly Record<string, unknown>[],
  x: string,
  fill: string,
  options: Plot.PlotOptions,
): string {
  const kinds = [...new Set(dots.map((dot) => String(dot[fill])))];
  const lines = Math.ceil(kinds.length / KINDS_A_LINE);
  return drawn({
    ...options,
    height: Number(options.height) + LINE * lines,
    marginTop: 20 + LINE * lines,
    marginBottom: 44,
    color: { ...options.color, domain: kinds },
    marks: [
      Plot.dot(dots, { x, y: "name", fill, r: 5, fillOpacity: 0.8 }),
      ...kinds.flatMap((kind, index) => legendEntry(kind, index, lines)),
    ],
  });
}

function legendEntry(kind: string, index: number, lines: number) {
  const dx = (index % KINDS_A_LINE) * KIND_WIDTH - 100;
  const dy = LINE * (Math.floor(index / KINDS_A_LINE) - lines);
  const frameAnchor = "top-left";
  return [
    Plot.dot([kind], { frameAnchor, dx, dy, fill: () => kind, r: 5 }),
    Plot.text([kind], { frameAnchor, dx: dx + 9, dy: dy - 6, textAnchor: "start", text: () => kind }),
  ];
}

function counts(tasks: readonly TaskFigures[]): string {
  const points = tasks.flatMap(({ name, counts }) =>
    counts.map(({ programs, mean, deviation }) => ({
      name,
      programs,
      mean,
      low: mean - deviation,
      high: Math.min(1, mean + deviation),
    })),
  );
  const last = tasks.map(({ name, counts }) => ({ name, ...counts[counts.length - 1] }));
  return drawn({
    height: 380,
    marginLeft: 50,
    marginRight: 130,
    color: { domain: tasks.map(({ name }) => name), scheme: "observable10" },
    x: { label: "programs", ticks: 8 },
    y: { label: "accuracy on all rows", grid: true, tickFormat: ".0%" },
    marks: [
      Plot.areaY(points, { x: "programs", y1: "low", y2: "high", fill: "name", fillOpacity: 0.15 }),
      Plot.line(points, { x: "programs", y: "mean", stroke: "name", strokeWidth: 2 }),
      Plot.text(last, { x: "programs", y: "mean", text: "name", fill: "name", textAnchor: "start", dx: 6 }),
    ],
  });
}
