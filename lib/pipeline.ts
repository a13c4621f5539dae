import { aggregateGroup } from "./aggregate/stage.ts";
import type { Message } from "./contracts/messages.ts";
import type { FanOutSettings } from "./fan-out/planned-run.ts";
import { fanOut } from "./fan-out/stage.ts";
import { scorePictures } from "./features/stage.ts";
import { labelShards } from "./label/stage.ts";
import type { Ports } from "./ports.ts";
import type { PublishSettings } from "./publish/finish.ts";
import { publishShards } from "./publish/stage.ts";
import { type SynthesizeSettings, synthesize } from "./synthesize/stage.ts";
import { trainEndModel } from "./train/stage.ts";
import { type VerifyOptions, verifyRun } from "./verify/stage.ts";
import { watchRun } from "./watch/stage.ts";

export type PipelineSettings = SynthesizeSettings & FanOutSettings & VerifyOptions & PublishSettings;

/**
 * The whole flow:
 *
 *     synthesize ─▶ fan-out ─▶ label (a batch each) ─▶ aggregate (a group each) ─┬────────────▶ verify ─▶ publish (a batch each)
 *                                                                                └─▶ train ───┘
 *                          └▶ features ─▶ label, where the task labels pictures
 *
 * A stage is `(message, ports) → messages`. In the cloud each is a function behind a queue; on one machine this
 * switch is the queue.
 */
export function advance(message: Message, ports: Ports, settings: PipelineSettings): AsyncGenerator<Message> {
  switch (message.stage) {
    case "synthesize":
      return synthesize(message, ports, settings);
    case "fan-out":
      return fanOut(message, ports, settings);
    case "features":
      return scorePictures(message, ports);
    case "label":
      return labelShards(message, ports);
    case "aggregate":
      return aggregateGroup(message, ports);
    case "train":
      return trainEndModel(message, ports);
    case "verify":
      return verifyRun(message, ports, settings);
    case "publish":
      return publishShards(message, ports, settings);
    case "watch":
      return watchRun(message, ports);
  }
}
