// What a hand may do to a bar: move it, stretch its ends, change its value, take it away. All of it by keys too.

/**
 * @import { Op, Scalar } from "./text.js"
 * @typedef {"both" | "call" | "answer"} Part
 */

/** Between which moments an operation may stand, for the others of its client. @param {Op[]} ops @param {number} at */
function room(ops, at) {
  const op = ops[at];
  const others = ops.filter((one, i) => i !== at && one.client === op.client);
  const before = others.filter((one) => one.call < op.call || (one.call === op.call && ops.indexOf(one) < at));
  const after = others.filter((one) => !before.includes(one));
  return {
    from: Math.max(0, ...before.map((one) => one.answer ?? one.call)),
    to: Math.min(1e9, ...after.map((one) => one.call)),
  };
}

const round = (/** @type {number} */ ms) => Math.round(ms * 1000) / 1000;

/**
 * An operation moved, or one of its ends; as far as its client's others let it.
 * @param {Op[]} ops @param {number} at @param {number} by @param {Part} part @returns {Op}
 */
export function moved(ops, at, by, part) {
  const op = ops[at];
  const { from, to } = room(ops, at);
  const within = (/** @type {number} */ t, /** @type {number} */ low, /** @type {number} */ high) =>
    round(Math.max(low, Math.min(high, t)));
  if (op.answer === null) return { ...op, call: within(op.call + by, from, to) };
  if (part === "call") return { ...op, call: within(op.call + by, from, op.answer) };
  if (part === "answer") return { ...op, answer: within(op.answer + by, op.call, to) };
  const long = op.answer - op.call;
  const call = within(op.call + by, from, to - long);
  return { ...op, call, answer: round(call + long) };
}

/**
 * The next value for it, of those that were written to its key, and one that nobody wrote.
 * @param {Op[]} ops @param {number} at @param {number} by @returns {Op}
 */
export function changed(ops, at, by) {
  const op = ops[at];
  if (op.kind === "put" && typeof op.value === "number") return { ...op, value: op.value + by };
  if (op.kind === "add" && typeof op.result === "number") return { ...op, result: op.result + by };
  if (op.kind === "cas" && typeof op.result === "boolean") return { ...op, result: !op.result };
  if (op.kind !== "get" || op.answer === null) return op;
  const of = ops.filter((one) => one.key === op.key && one.kind !== "get");
  const values = /** @type {Scalar[]} */ (
    of.map((one) => (one.kind === "put" ? one.value : one.kind === "add" ? one.result : null))
  );
  const all = [...new Set([null, ...values, op.result])].sort((a, b) =>
    `${a}`.localeCompare(`${b}`, "en", { numeric: true }),
  );
  // Nothing comes first.
  all.sort((a, b) => Number(a !== null) - Number(b !== null));
  const next = (all.indexOf(op.result) + by + all.length) % all.length;
  return { ...op, result: all[next] };
}

/**
 * @param {HTMLElement} bar
 * @param {{ ops: () => Op[], at: number, k: () => number, show: (ops: Op[], done: boolean) => void }} hand
 */
export function giveHand(bar, { ops, at, k, show }) {
  const put = (/** @type {Op} */ op, /** @type {boolean} */ done, from = ops()) => {
    if (JSON.stringify(op) !== JSON.stringify(ops()[at]) || done) show(from.with(at, op), done);
  };
  bar.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [from, x] = [ops(), event.clientX];
    const edge = event.target instanceof HTMLElement ? event.target.dataset.edge : undefined;
    const part = edge === "call" || edge === "answer" ? edge : "both";
    bar.setPointerCapture(event.pointerId);
    bar.focus();
    event.preventDefault();
    let held = from[at];
    const move = (/** @type {PointerEvent} */ next) => {
      held = moved(from, at, Math.round((next.clientX - x) / k()), part);
      put(held, false, from);
    };
    const stop = new AbortController();
    const end = (/** @type {boolean} */ keep) => {
      stop.abort();
      put(keep ? held : from[at], true, from);
    };
    const wish = { signal: stop.signal };
    bar.addEventListener("pointermove", move, wish);
    bar.addEventListener("pointerup", () => end(true), wish);
    bar.addEventListener("pointercancel", () => end(false), wish);
    bar.addEventListener("keydown", (key) => key.key === "Escape" && end(false), wish);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 1;
    const along = { ArrowLeft: -step, ArrowRight: step }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (along) put(moved(ops(), at, along, event.altKey ? "answer" : "both"), true);
    else if (up) put(changed(ops(), at, up), true);
    else if (event.key === "Delete" || event.key === "Backspace") show(ops().toSpliced(at, 1), true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
