// Messages on their way: which are to be seen, and how far each has come.

/** @import { MessageFrame } from "./pkg/synod.js" */

/**
 * How far a message is on its way, 0 to 1. One that was delayed or held goes on from where it had come.
 * @param {{ sent: number, arrives: number, fate: string, ended: number | null,
 *   moved?: { at: number, u: number } | null }} message
 * @param {number} now
 */
export function progress(message, now) {
  const { sent, arrives, fate, ended, moved } = message;
  if (fate === "held" && moved) return moved.u;
  const at = fate === "lost" && ended !== null ? ended : now;
  const [since, gone] = moved ? [moved.at, moved.u] : [sent, 0];
  return Math.max(0, Math.min(1, gone + ((1 - gone) * (at - since)) / Math.max(arrives - since, 0.001)));
}

/** Messages that have something to show on the stage. @param {MessageFrame[]} messages */
export const visible = (messages) => messages.filter((message) => message.fate !== "lost");

/**
 * How far a message is drawn on its way. Where nothing moves, those of one line share it in the order in which they
 * arrive, so that none covers another.
 * @param {MessageFrame} one @param {{ reduced: boolean, frame: { messages: MessageFrame[] } }} drawn
 * @param {number} now
 */
export function drawnAt(one, { reduced, frame }, now) {
  if (!reduced) return progress(one, now);
  const line = visible(frame.messages).filter(({ from, to }) => from === one.from && to === one.to);
  const behind = line.filter(({ arrives, id }) => arrives > one.arrives || (arrives === one.arrives && id > one.id));
  return (behind.length + 1) / (line.length + 1);
}
