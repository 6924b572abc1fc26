// The glyphs: hue is the epoch, density is authority, silhouette is the role, shape is the kind
// of message. Every proportion follows from R, a node's radius, or s, a message's box.

/** @import { Tokens, Ink } from "./tokens.js" */
/** @typedef {CanvasRenderingContext2D} Ctx */

export const TAU = Math.PI * 2;
const rad = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;

/**
 * @typedef {{ size?: number, weight?: number, align?: CanvasTextAlign, color?: string, halo?: string | null, font?:
 *   string }} TextStyle
 */

/**
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {string} text
 * @param {number} px
 * @param {number} py
 * @param {TextStyle} [o]
 */
export function text(x, k, text, px, py, o = {}) {
  x.font = `${o.weight ?? 400} ${o.size ?? 13}px ${o.font ?? k.ui}`;
  x.textAlign = o.align ?? "left";
  x.textBaseline = "alphabetic";
  if (o.halo) {
    x.lineJoin = "round";
    x.strokeStyle = o.halo;
    x.lineWidth = 5;
    x.strokeText(text, px, py);
  }
  x.fillStyle = o.color ?? k.ink;
  x.fillText(text, px, py);
}

/** @param {Ctx} x @param {Tokens} k @param {string} text @param {TextStyle} [o] */
export function measure(x, k, text, o = {}) {
  x.font = `${o.weight ?? 400} ${o.size ?? 13}px ${o.font ?? k.ui}`;
  return x.measureText(text).width;
}

/**
 * @param {Ctx} x
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} color
 * @param {number} [width]
 * @param {number[]} [dash]
 */
export function line(x, x1, y1, x2, y2, color, width = 1, dash) {
  x.strokeStyle = color;
  x.lineWidth = width;
  if (dash) x.setLineDash(dash);
  x.beginPath();
  x.moveTo(x1, y1);
  x.lineTo(x2, y2);
  x.stroke();
  if (dash) x.setLineDash([]);
}

/** @param {Ctx} x @param {number} a @param {number} b @param {number} w @param {number} h @param {number} r */
export function round(x, a, b, w, h, r) {
  x.beginPath();
  x.roundRect(a, b, w, h, r);
}

/**
 * Hatching inside the current clip.
 * @param {Ctx} x
 * @param {number[]} box
 * @param {string} color
 * @param {number} gap
 * @param {number} width
 */
function strokes(x, [bx, by, bw, bh], color, gap, width) {
  const reach = Math.hypot(bw, bh) / 2;
  x.translate(bx + bw / 2, by + bh / 2);
  x.rotate(-Math.PI / 4);
  x.strokeStyle = color;
  x.lineWidth = width;
  x.beginPath();
  for (let at = -reach; at < reach; at += gap) {
    x.moveTo(-reach, at);
    x.lineTo(reach, at);
  }
  x.stroke();
}

/**
 * @param {Ctx} x
 * @param {() => void} path
 * @param {number[]} box
 * @param {string} color
 * @param {number} gap
 * @param {number} width
 */
export function hatch(x, path, box, color, gap, width) {
  x.save();
  path();
  x.clip();
  strokes(x, box, color, gap, width);
  x.restore();
}

/**
 * circle: a peer; hexagon: asks; square: holds registers; double: learns.
 * @param {Ctx} x
 * @param {string} kind
 * @param {number} cx
 * @param {number} cy
 * @param {number} r
 */
export function silhouette(x, kind, cx, cy, r) {
  x.beginPath();
  if (kind === "hexagon") {
    for (let i = 0; i < 6; i++)
      x.lineTo(cx + r * 1.1 * Math.cos((i * TAU) / 6), cy + r * 1.1 * Math.sin((i * TAU) / 6));
    x.closePath();
  } else if (kind === "square") x.roundRect(cx - r * 0.9, cy - r * 0.9, r * 1.8, r * 1.8, r * 0.24);
  else x.arc(cx, cy, r, 0, TAU);
}

/**
 * @param {Ctx} x
 * @param {number} cx
 * @param {number} base
 * @param {number} w
 * @param {boolean} solid
 * @param {string} color
 */
function crown(x, cx, base, w, solid, color) {
  const height = w * 0.5;
  const points = [
    [-0.5, 0],
    [-0.5, -0.92],
    [-0.24, -0.42],
    [0, -1.08],
    [0.24, -0.42],
    [0.5, -0.92],
    [0.5, 0],
  ];
  x.lineJoin = "round";
  x.beginPath();
  for (const [px, py] of points) x.lineTo(cx + px * w, base + py * height);
  x.closePath();
  x.strokeStyle = x.fillStyle = color;
  if (solid) x.fill();
  x.lineWidth = solid ? Math.max(0.8, w * 0.06) : Math.max(1.1, w * 0.085);
  x.stroke();
}

/**
 * The quorum rim: a segment for each of `of`, clockwise in order of arrival, and a notch after
 * the one that makes a quorum. `grow` is how far the last granted segment has grown, 0 to 1.
 * @param {Ctx} x @param {Tokens} k @param {{ cx: number, cy: number, r: number, width: number, of: number, need:
 *   number, have: number, refused: number, hue: Ink, grow?: number, gap?: number, notch?: boolean }} o
 */
export function rim(x, k, o) {
  const step = 360 / o.of;
  const gap = o.of > 20 ? 1.5 : (o.gap ?? (o.of > 5 ? 5 : 6));
  for (let i = 0; i < o.of; i++) {
    const [from, to] = [rad(-90 + i * step + gap / 2), rad(-90 + (i + 1) * step - gap / 2)];
    const refused = i >= o.have && i < o.have + o.refused;
    x.beginPath();
    x.arc(o.cx, o.cy, o.r, from, to);
    x.strokeStyle = refused ? k.alarm : o.hue.text;
    x.globalAlpha = refused ? 1 : 0.62;
    x.lineWidth = Math.max(1.1, o.width * 0.19);
    x.stroke();
    x.globalAlpha = 1;
    if (i < o.have) {
      const grown = i === o.have - 1 ? (o.grow ?? 1) : 1;
      const [middle, half] = [(from + to) / 2, ((to - from) / 2) * grown];
      x.beginPath();
      x.arc(o.cx, o.cy, o.r, middle - half, middle + half);
      x.strokeStyle = o.hue.fill;
      x.lineWidth = o.width;
      x.stroke();
    } else if (refused) {
      const middle = (from + to) / 2;
      const [c, s] = [Math.cos(middle), Math.sin(middle)];
      line(
        x,
        o.cx + (o.r - o.width * 0.8) * c,
        o.cy + (o.r - o.width * 0.8) * s,
        o.cx + (o.r + o.width * 0.8) * c,
        o.cy + (o.r + o.width * 0.8) * s,
        k.alarm,
        Math.max(1.6, o.width * 0.3),
      );
    }
  }
  if (o.notch === false) return;
  const at = rad(-90 + o.need * step);
  const [c, s] = [Math.cos(at), Math.sin(at)];
  line(
    x,
    o.cx + (o.r - o.width * 0.75) * c,
    o.cy + (o.r - o.width * 0.75) * s,
    o.cx + (o.r + o.width * 1.35) * c,
    o.cy + (o.r + o.width * 1.35) * s,
    k.ink,
    Math.max(1.5, o.width * 0.3),
  );
}

/**
 * The time-out ring drains to 12 o'clock.
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {number} cx
 * @param {number} cy
 * @param {number} r
 * @param {number} left
 * @param {number} width
 * @param {boolean} frozen
 * @param {number | null} truth
 */
function timerRing(x, k, cx, cy, r, left, width, frozen, truth) {
  const soon = left < 0.2;
  const [from, to] = [-Math.PI / 2, -Math.PI / 2 + TAU * left];
  x.beginPath();
  x.arc(cx, cy, r, 0, TAU);
  x.strokeStyle = k.hair;
  x.lineWidth = Math.max(1, width * 0.5);
  x.stroke();
  if (truth !== null) {
    x.setLineDash([2, 3]);
    x.beginPath();
    x.arc(cx, cy, r + 4.5, from, from + TAU * truth);
    x.strokeStyle = k.ink3;
    x.lineWidth = 1.5;
    x.stroke();
  }
  x.setLineDash(frozen ? [4, 4] : []);
  x.lineCap = frozen ? "butt" : "round";
  x.beginPath();
  x.arc(cx, cy, r, from, to);
  x.strokeStyle = soon ? k.ink : k.ink3;
  x.lineWidth = soon ? width * 1.3 : width;
  x.stroke();
  x.setLineDash([]);
  x.lineCap = "butt";
  x.beginPath();
  x.arc(cx + r * Math.cos(to), cy + r * Math.sin(to), width * 1.15, 0, TAU);
  x.fillStyle = soon ? k.ink : k.ink3;
  x.fill();
}

/**
 * @typedef {{ cx: number, cy: number, r: number, shape: string, authority: string, crest: boolean, epoch: number,
 *   numeral?: string, hue: Ink,
 * status: string, left: number | null, truth: number | null, tally: { of: number, need: number, have: number,
 * refused: number, hue: Ink } | null,
 *   grow: number, focus: boolean, alarm: boolean, bare?: boolean }} NodeGlyph
 */

/** Where the ring of a timer is: clear of the corners of a square. @param {NodeGlyph} o */
const ringAt = ({ r, shape }) => r * (1 + (shape === "square" ? 13 : 8) / 44);

/**
 * About a square a ring of its own form is clear of its collar; one that wears a ring or a rim has it about those.
 * @param {Ctx} x @param {NodeGlyph} o @param {number} outer
 */
function brokenSquare(x, { cx, cy, r, tally, left }, outer) {
  if (tally || left !== null) return x.arc(cx, cy, outer + 7, 0, TAU);
  const half = r * 0.9 + (12.5 * r) / 44;
  round(x, cx - half, cy - half, 2 * half, 2 * half, r * 0.38);
}

/** @param {Ctx} x @param {Tokens} k @param {NodeGlyph} o */
export function node(x, k, o) {
  const { cx, cy, r } = o;
  const unit = r / 44;
  const down = o.status === "crashed";
  const leads = o.authority === "commands" && !down;
  const asks = o.authority === "asks" && !down;
  const rimAt = r + (o.shape === "hexagon" ? 14 : 18) * unit;
  const outer = o.tally && !down ? rimAt + 5 * unit : leads || o.left !== null ? ringAt(o) + 3 * unit : r + 2;
  x.beginPath();
  x.arc(cx, cy, outer + 2, 0, TAU);
  x.fillStyle = k.sheet;
  x.fill();
  if (o.focus || o.alarm) {
    x.beginPath();
    if (o.alarm && o.shape === "square") brokenSquare(x, o, outer);
    else x.arc(cx, cy, outer + 7, 0, TAU);
    x.strokeStyle = o.alarm ? k.alarm : k.ink;
    x.lineWidth = o.alarm ? 2.5 : 1.5;
    x.setLineDash(o.alarm ? [] : [2, 4]);
    x.stroke();
    x.setLineDash([]);
  }
  body(x, k, o, leads, asks, down, unit);
  const crest = o.crest && (leads || asks) && r >= 12;
  if (crest) crown(x, cx, cy - r * 0.42, r * 0.5, leads, leads ? o.hue.on : o.hue.fill);
  if (r >= 9 && !o.bare) {
    const numeral = o.numeral ?? (o.epoch > 0 || o.shape !== "double" ? String(o.epoch) : "–");
    const size = r * (numeral.length > 2 ? 0.62 : numeral.length > 1 ? 0.82 : 1);
    text(x, k, numeral, cx, cy + (crest ? r * 0.2 : 0) + size * 0.36, {
      size,
      weight: 700,
      align: "center",
      color: down ? k.ink2 : leads ? o.hue.on : k.ink,
    });
  }
  if (o.shape === "slashed" && !down)
    line(x, cx - r * 0.66, cy + r * 0.66, cx + r * 0.66, cy - r * 0.66, o.hue.fill, 1.5);
  if (o.status === "paused") pauseBadge(x, k, cx + r * 0.82, cy + r * 0.82, 11 * Math.max(0.8, unit));
}

/**
 * What moves about a node: its collar or time-out ring, and its tally.
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {NodeGlyph} o
 */
export function rings(x, k, o) {
  const { cx, cy, r } = o;
  const unit = r / 44;
  if (o.authority === "commands" && o.crest) {
    x.beginPath();
    x.arc(cx, cy, r + 6.5 * unit, 0, TAU);
    x.strokeStyle = o.hue.fill;
    x.lineWidth = Math.max(1.25, 2.5 * unit);
    x.stroke();
  } else if (o.left !== null)
    timerRing(x, k, cx, cy, ringAt(o), o.left, Math.max(1.75, 3 * unit), o.status === "paused", o.truth);
  if (o.tally)
    rim(x, k, {
      cx,
      cy,
      r: r + (o.shape === "hexagon" ? 14 : 18) * unit,
      width: Math.max(3.5, 8 * unit),
      grow: o.grow,
      ...o.tally,
    });
}

/**
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {NodeGlyph} o
 * @param {boolean} leads
 * @param {boolean} asks
 * @param {boolean} down
 * @param {number} unit
 */
function body(x, k, o, leads, asks, down, unit) {
  const { cx, cy, r } = o;
  const path = () => silhouette(x, o.shape, cx, cy, r);
  const box = [cx - r, cy - r, 2 * r, 2 * r];
  path();
  if (down) {
    x.fillStyle = k.well;
    x.fill();
    hatch(x, path, box, k.dead, Math.max(3.2, 6.5 * unit), Math.max(0.9, 1.5 * unit));
    path();
    x.setLineDash([Math.max(2.5, 5 * unit), Math.max(2, 4 * unit)]);
    x.strokeStyle = k.ghost;
    x.lineWidth = Math.max(1.2, 2 * unit);
    x.stroke();
    x.setLineDash([]);
  } else if (leads) {
    x.fillStyle = o.hue.fill;
    x.fill();
    return;
  } else if (asks) {
    x.fillStyle = k.sheet;
    x.fill();
    hatch(x, path, box, o.hue.tint, Math.max(3.6, 7 * unit), Math.max(1.8, 3.6 * unit));
    path();
    x.strokeStyle = o.hue.fill;
    x.lineWidth = Math.max(1.8, 3.5 * unit);
    x.stroke();
  } else {
    x.fillStyle = o.hue.tint;
    x.fill();
    x.strokeStyle = o.hue.fill;
    x.lineWidth = Math.max(1.3, 2.25 * unit);
    x.stroke();
    return;
  }
  if (r > 14) {
    x.beginPath();
    x.arc(cx, cy + (asks ? r * 0.12 : 0), r * (asks ? 0.5 : 0.52), 0, TAU);
    x.fillStyle = k.sheet;
    const before = x.globalAlpha;
    x.globalAlpha = before * (asks ? 0.82 : 1);
    x.fill();
    x.globalAlpha = before;
  }
}

/** @param {Ctx} x @param {Tokens} k @param {number} cx @param {number} cy @param {number} r */
function pauseBadge(x, k, cx, cy, r) {
  x.beginPath();
  x.arc(cx, cy, r, 0, TAU);
  x.fillStyle = k.ink;
  x.fill();
  x.strokeStyle = k.sheet;
  x.lineWidth = 2;
  x.stroke();
  x.fillStyle = k.sheet;
  x.fillRect(cx - 3.6, cy - 4.2, 2.6, 8.4);
  x.fillRect(cx + 1, cy - 4.2, 2.6, 8.4);
}

/**
 * A clock and how much it is off.
 * @param {Ctx} x @param {Tokens} k @param {{ x: number, y: number, w: number, h: number }} at @param {string} words
 * @param {number} s
 */
export function skewBadge(x, k, at, words, s) {
  const cy = at.y + at.h / 2;
  const [left, r] = [at.x + 12 * s, 5 * s];
  round(x, at.x, at.y, at.w, at.h, at.h / 2);
  x.fillStyle = k.ink;
  x.fill();
  x.strokeStyle = k.sheet;
  x.lineWidth = 1.4;
  x.beginPath();
  x.arc(left, cy, r, 0, TAU);
  x.moveTo(left, cy - 0.6 * r);
  x.lineTo(left, cy);
  x.lineTo(left + 0.44 * r, cy + 0.28 * r);
  x.stroke();
  text(x, k, words, left + 9 * s, cy + 4.3 * s, { size: 12 * s, weight: 700, color: k.sheet });
}

/** @param {Ctx} x @param {number} cx @param {number} cy @param {number} r @param {string} fill */
export function disc(x, cx, cy, r, fill) {
  x.beginPath();
  x.arc(cx, cy, r, 0, TAU);
  x.fillStyle = fill;
  x.fill();
}

/** @param {Ctx} x @param {number[][]} points @param {number} s */
export function poly(x, points, s) {
  x.beginPath();
  for (const [px, py] of points) x.lineTo(px * s, py * s);
  x.closePath();
}

/** @param {Ctx} x @param {number[][]} points @param {string} color @param {number} width @param {number} [s] */
export function polyline(x, points, color, width, s = 1) {
  x.strokeStyle = color;
  x.lineWidth = width;
  x.beginPath();
  for (const [px, py] of points) x.lineTo(px * s, py * s);
  x.stroke();
}

/** @param {Ctx} x @param {Tokens} k @param {number} cx @param {number} cy @param {number} s */
export function cross(x, k, cx, cy, s) {
  x.lineCap = "round";
  for (const [color, width] of /** @type {[string, number][]} */ ([
    [k.sheet, 6],
    [k.alarm, 2.4],
  ])) {
    line(x, cx - s, cy - s, cx + s, cy + s, color, width);
    line(x, cx - s, cy + s, cx + s, cy - s, color, width);
  }
  x.lineCap = "butt";
}
