import type { Progress } from "../ports.ts";
import type { Ask } from "./ask.ts";

/** How far asking has come. */
export type AskProgress = Extract<Progress, { stage: "synthesize" }>;

/** Says after each call how many were paid for, how many were found, and what was spent. */
export function reportingAsk(ask: Ask, report: (progress: Progress) => void) {
  const progress: AskProgress = { stage: "synthesize", calls: 0, replayed: 0, usd: 0, programs: 0 };
  const askAndReport: Ask = async (purpose, request) => {
    const answer = await ask(purpose, request);
    if (answer.replayed) progress.replayed += 1;
    else {
      progress.calls += 1;
      progress.usd += answer.recording.usd ?? 0;
    }
    report({ ...progress });
    return answer;
  };
  return { ask: askAndReport, progress };
}
