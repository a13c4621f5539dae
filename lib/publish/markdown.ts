/** Text of the user's in Markdown, a table's cell included: no cell ends early, no markup begins. */
export const cell = (text: string) => text.replace(/[\\`*_[\]<>|&]/g, "\\$&").replace(/\s+/g, " ");
