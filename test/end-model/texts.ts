/** Texts of two topics, whose labels are wrong now and then: the same at every call. */
export function topicTexts(rows: number, { wrong = 0 }: { wrong?: number } = {}) {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  const topics = [
    ["cheap", "win", "offer", "prize", "click"],
    ["meeting", "lunch", "report", "thanks", "tomorrow"],
  ];
  return Array.from({ length: rows }, () => {
    const topic = next() < 0.5 ? 0 : 1;
    const word = () => (next() < 0.4 ? topics[topic][Math.floor(next() * 5)] : `w${Math.floor(next() * 50)}`);
    const text = Array.from({ length: 10 }, word).join(" ");
    return { text, topic, label: next() < wrong ? 1 - topic : topic };
  });
}
