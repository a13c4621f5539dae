import { RefusedError } from "../errors.ts";
import type { LanguageModel, Ports } from "../ports.ts";

/** The time for asking is up; what was answered is kept, and the rest is asked next time. */
class OutOfTimeError extends RefusedError {
  readonly code = "out-of-time";

  constructor(model: string) {
    super(`${model} did not answer all that was to be asked in this time. Run again to go on from here.`);
  }
}

/** A model that is asked for so many seconds only: a function has to end before its time is over. */
export function patientModel(model: LanguageModel, now: Ports["now"], seconds = Number.POSITIVE_INFINITY) {
  const end = now().getTime() + 1_000 * seconds;
  let asked = 0;
  let isTired = false;
  const patient: LanguageModel = {
    async complete(request) {
      if (now().getTime() >= end) {
        isTired = true;
        throw new OutOfTimeError(request.model);
      }
      const reply = await model.complete(request);
      asked += 1;
      return reply;
    },
  };
  return { model: patient, asked: () => asked, isTired: () => isTired };
}
