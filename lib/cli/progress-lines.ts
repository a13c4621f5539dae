import type { Progress } from "../ports.ts";

/** What progress is written to: standard error, or a test's ear. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const REPAINT_MS = 100;

/** How often a log hears of work that takes long. */
const LOG_MS = 15_000;

/** A live line a stage on a terminal; anywhere else the stage's line now and then. */
export function progressLines(stream: ProgressStream, now: () => number = Date.now) {
  const lines = new Map<string, string>();
  const began = new Map<string, number>();
  const rowsOf = new Map<string, number>();
  let covered = 0;
  const verified = { calls: 0, replayed: 0, usd: 0 };
  let painted = 0;
  let lastPaint = 0;
  let lastLogged = now();

  const paint = () => {
    if (!stream.isTTY) return;
    const width = (stream.columns || 80) - 1;
    const text = [...lines.values()].map((line) => `\x1b[2K${line.slice(0, width)}\n`).join("");
    stream.write(`${painted > 0 ? `\x1b[${painted}A` : ""}${text}`);
    painted = lines.size;
    lastPaint = now();
  };

  const rate = (stage: string, rows: number): string => {
    const total = (rowsOf.get(stage) ?? 0) + rows;
    rowsOf.set(stage, total);
    const seconds = (now() - (began.get(stage) ?? now())) / 1_000;
    return `${total.toLocaleString("en")} rows${seconds > 0.2 ? ` · ${Math.round(total / seconds).toLocaleString("en")} rows/s` : ""}`;
  };

  const lineOf = (progress: Progress): string | undefined => {
    switch (progress.stage) {
      case "documents":
        return `${progress.read} read · ${progress.passages.toLocaleString("en")} passages · ${progress.leftOut.length} left out`;
      case "synthesize":
        return `${progress.programs} programs · ${progress.calls} calls · ${progress.replayed} replayed · $${progress.usd.toFixed(4)}`;
      case "fan-out": {
        rowsOf.set("fan-out", 0);
        const share =
          progress.totalBytes > 0 ? ` · ${Math.floor((100 * progress.bytes) / progress.totalBytes)} %` : "";
        const rejected = progress.rejected > 0 ? ` · ${progress.rejected.toLocaleString("en")} rejected` : "";
        return `${rate("fan-out", progress.rows)}${rejected}${share}`;
      }
      case "features":
        return `${rate("features", progress.rows)} · ${progress.model}${progress.embedded === 0 ? " · embeddings found" : ""}`;
      case "label": {
        const text = rate("label", progress.rows);
        covered += progress.covered;
        const total = rowsOf.get("label") ?? 0;
        return `${text} · coverage ${(total > 0 ? covered / total : 0).toFixed(3)}${progress.computed === 0 ? " · votes found" : ""}`;
      }
      case "aggregate":
        return `${progress.labelModel} over ${progress.patterns.toLocaleString("en")} vote patterns`;
      case "train":
        return `${progress.rows.toLocaleString("en")} rows · agrees with the label model on ${(100 * progress.agreement).toFixed(1)} % of rows held out`;
      case "verify":
        verified.calls += progress.calls;
        verified.replayed += progress.replayed;
        verified.usd += progress.usd;
        return `${verified.calls} calls · ${verified.replayed} replayed · $${verified.usd.toFixed(4)}`;
      case "publish":
        return rate("publish", progress.rows);
      default:
        return undefined; // The command's own output says it.
    }
  };

  return {
    report(progress: Progress): void {
      if (!began.has(progress.stage)) began.set(progress.stage, now());
      const line = lineOf(progress);
      if (line === undefined) return;
      const text = `${progress.stage.padEnd(10)} ${line}`;
      lines.set(progress.stage, text);
      if (now() - lastPaint >= REPAINT_MS) paint();
      if (!stream.isTTY && now() - lastLogged >= LOG_MS) {
        stream.write(`${text}\n`);
        lastLogged = now();
      }
    },
    /** Paints the last state, so that what scrolls by is complete. */
    end(): void {
      if (lines.size > 0) paint();
    },
  };
}
