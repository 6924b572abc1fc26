// The time diagram under the hand: scrub in the overview, travel in the detail, zoom by wheel,
// pinch or the edge of the brush.

import { scale } from "./draw/scale.js";
import { seek } from "./acts.js";
import { changed, setSpan } from "./state.js";

/** @import { Lab } from "./state.js" */

/** @typedef {"scrub" | "edge" | "travel" | null} Doing */

/** Where times and lanes lie now. @param {Lab} lab @param {HTMLCanvasElement} canvas */
function scaleNow({ sim, span, frame, protocol, violations, tree }, canvas) {
  const box = canvas.getBoundingClientRect();
  const run = { now: sim.now, end: sim.end, span, frame, protocol, violations, tree };
  return { box, s: scale({ W: box.width, H: box.height, ...run }) };
}

/** @param {Lab} lab @param {HTMLCanvasElement} canvas */
export function handleTime(lab, canvas) {
  /** @type {Map<number, number>} */
  const fingers = new Map();
  /** @type {Doing} */
  let doing = null;
  let grabbed = { x: 0, now: 0, span: lab.span, apart: 0 };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { box, s } = scaleNow(lab, canvas);
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (!fingers.size && lab.tree?.press(event, x, y)) return;
    fingers.set(event.pointerId, event.clientX);
    canvas.setPointerCapture(event.pointerId);
    doing = handleOn(lab, s, x, y);
    const [a = 0, b = 0] = [...fingers.values()];
    grabbed = { x, now: lab.sim.now, span: lab.span, apart: fingers.size > 1 ? Math.abs(a - b) : 0 };
    lab.playing = false;
    if (doing === "scrub") seek(lab, Math.min(s.timeOver(x), lab.sim.end));
    else if (doing === "travel" && fingers.size === 1) lab.focus = flightAt(lab, canvas, x, y);
    changed(lab);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return hover(lab, canvas, event);
    const { box, s } = scaleNow(lab, canvas);
    const x = event.clientX - box.left;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size > 1) {
      const [a, b] = [...fingers.values()];
      setSpan(lab, (grabbed.span * Math.max(20, grabbed.apart)) / Math.max(20, Math.abs(a - b)));
    } else if (doing === "edge") setSpan(lab, (lab.sim.now - s.timeOver(x)) / 0.95);
    else if (doing === "scrub") seek(lab, Math.min(s.timeOver(x), lab.sim.end));
    // To the left is earlier, here as in the overview.
    else if (doing === "travel")
      seek(lab, Math.min(lab.sim.end, grabbed.now + ((x - grabbed.x) / (s.x1 - s.x0)) * lab.span));
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
    canvas.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (!fingers.size) doing = null;
    });
  canvas.addEventListener("pointerleave", (event) => {
    lab.tree?.leave(event);
    if (!lab.hover) return;
    lab.hover = null;
    changed(lab);
  });
  const zoom = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    setSpan(lab, lab.span * (event.deltaY > 0 ? 1.15 : 1 / 1.15));
  };
  canvas.addEventListener("wheel", zoom, { passive: false });
}

/**
 * What is taken hold of at a point.
 * @param {Lab} lab
 * @param {ReturnType<typeof scale>} s
 * @param {number} x
 * @param {number} y
 * @returns {Doing}
 */
function handleOn(lab, s, x, y) {
  if (y >= s.top + 10) return "travel";
  return Math.abs(x - s.over(s.from)) < 9 && Math.abs(x - s.over(lab.sim.now)) > 9 ? "edge" : "scrub";
}

/** @param {Lab} lab @param {HTMLCanvasElement} canvas @param {PointerEvent} event */
function hover(lab, canvas, event) {
  const { box, s } = scaleNow(lab, canvas);
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const inOverview = y < s.top + 10;
  const under = inOverview ? null : flightAt(lab, canvas, x, y);
  const other = lab.tree?.hover(event, x, y);
  canvas.style.cursor = under || other ? "pointer" : inOverview ? "ew-resize" : "grab";
  if (JSON.stringify(under) === JSON.stringify(lab.hover)) return;
  lab.hover = under;
  changed(lab);
}

/**
 * The message whose line lies under a point of the detail.
 * @param {Lab} lab
 * @param {HTMLCanvasElement} canvas
 * @param {number} x
 * @param {number} y
 * @returns {import("./draw/stage.js").Target | null}
 */
function flightAt(lab, canvas, x, y) {
  const { s } = scaleNow(lab, canvas);
  const lanes = new Map([...s.lanes].map(([id, at]) => [id, s.first + at * s.lane]));
  let best = { id: -1, away: 8 };
  const flying = lab.frame.messages.map((one) => ({ ...one, ended: one.arrives }));
  for (const flight of [...lab.chronicle.flights, ...flying]) {
    const [from, to] = [flight.from, flight.to].map((end) => (typeof end === "number" ? lanes.get(end) : undefined));
    if (from === undefined || to === undefined) continue;
    const u = Math.max(0, Math.min(1, (y - from) / (to - from || 1)));
    const away = Math.abs(s.at(flight.sent + (flight.arrives - flight.sent) * u) - x) + (flight.quiet ? 3 : 0);
    if (away < best.away) best = { id: flight.id, away };
  }
  return best.id >= 0 ? { message: best.id } : null;
}
