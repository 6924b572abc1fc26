// What draws the stretches and moments that some protocols have in a time diagram, which only a lab has: fetched when a
// run first has some.

import { once, some } from "../more.js";

/** @import { More, Spans } from "../more.js" */

const times = once(() => import("./more/times.js"));
export const { fetch: fetchTimes } = times;

/** @param {Spans | null | undefined} spans @param {More} frame @param {() => void} then */
export const timesOf = (spans, frame, then) => (spans || some(frame.grants) ? times.of(then) : null);
