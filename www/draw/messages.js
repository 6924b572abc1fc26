// The glyphs of messages: pointed ones ask, round ones answer. Every proportion follows from s, a message's box.

import { disc, poly, polyline, round } from "./glyphs.js";

/** @import { Ctx } from "./glyphs.js" */
/** @import { Tokens, Ink } from "./tokens.js" */

/** Outlines of glyphs, in parts of their box. */
const CHEVRON = [
  [-0.14, -0.2],
  [0.12, 0],
  [-0.14, 0.2],
];
const DART = [
  [0.64, 0],
  [-0.42, 0.46],
  [-0.2, 0],
  [-0.42, -0.46],
];
const PARCEL = [
  [-0.52, -0.38],
  [0.2, -0.38],
  [0.64, 0],
  [0.2, 0.38],
  [-0.52, 0.38],
];

/**
 * A message's glyph at the origin, travelling along +x. Round ones are kept upright.
 * @param {Ctx} x @param {Tokens} k @param {string} tone @param {Ink} hue @param {number} s @param {{ angle?: number,
 *   reply?: boolean, count?: number, quiet?: boolean }} [o]
 */
export function message(x, k, tone, hue, s, o = {}) {
  const c = hue.fill;
  x.lineJoin = x.lineCap = "round";
  if (o.quiet && o.reply) {
    x.globalAlpha *= 0.5;
    disc(x, 0, 0, Math.max(3, s * 0.12), c);
  } else if (o.quiet || tone === "heartbeat") {
    x.globalAlpha *= 0.6;
    polyline(x, CHEVRON, c, Math.max(1.2, s * 0.1), s);
  } else if (tone === "ask") {
    poly(x, DART, s);
    x.fillStyle = k.sheet;
    x.fill();
    x.strokeStyle = c;
    x.lineWidth = Math.max(1.4, s * 0.125);
    x.stroke();
  } else if (tone === "carry") parcel(x, hue, s, Math.min(3, o.count ?? 1));
  else if (tone === "decide") {
    for (const d of [-0.28, 0.18])
      polyline(
        x,
        [
          [(d - 0.14) * s, -0.36 * s],
          [(d + 0.22) * s, 0],
          [(d - 0.14) * s, 0.36 * s],
        ],
        c,
        s * 0.2,
      );
  } else if (tone === "stored") {
    disc(x, 0, 0, s * 0.33, k.sheet);
    x.strokeStyle = c;
    x.lineWidth = Math.max(1.6, s * 0.2);
    x.stroke();
  } else {
    upright(x, k, tone, hue, s, o);
  }
}

/**
 * Solid, with a stripe for each thing it carries.
 * @param {Ctx} x @param {Ink} hue @param {number} s @param {number} count
 */
function parcel(x, hue, s, count) {
  poly(x, PARCEL, s);
  x.fillStyle = x.strokeStyle = hue.fill;
  x.fill();
  x.lineWidth = s * 0.1;
  x.stroke();
  for (let i = 0; i < count; i++) {
    const at = -0.3 + i * 0.2;
    const stripe = [
      [at, -0.2],
      [at, 0.2],
    ];
    polyline(x, stripe, hue.on, Math.max(1.2, s * 0.1), s);
  }
}

/**
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {string} tone
 * @param {Ink} hue
 * @param {number} s
 * @param {{ angle?: number, reply?: boolean }} o
 */
function upright(x, k, tone, hue, s, o) {
  x.rotate(-(o.angle ?? 0));
  if (tone === "no") {
    disc(x, 0, 0, s * 0.44, k.sheet);
    x.strokeStyle = k.alarm;
    x.lineWidth = Math.max(1.6, s * 0.14);
    x.stroke();
    polyline(
      x,
      [
        [-0.29 * s, 0.29 * s],
        [0.29 * s, -0.29 * s],
      ],
      k.alarm,
      Math.max(1.6, s * 0.14),
    );
  } else if (tone === "client" && !o.reply) {
    round(x, -0.55 * s, -0.4 * s, 1.1 * s, 0.8 * s, s * 0.16);
    x.fillStyle = k.ink;
    x.fill();
    polyline(
      x,
      [
        [-0.25 * s, -0.14 * s],
        [-0.06 * s, 0.02 * s],
        [-0.25 * s, 0.17 * s],
      ],
      k.sheet,
      s * 0.11,
    );
    polyline(
      x,
      [
        [0.06 * s, 0.18 * s],
        [0.28 * s, 0.18 * s],
      ],
      k.sheet,
      s * 0.11,
    );
  } else {
    const client = tone === "client";
    disc(x, 0, 0, s * (client ? 0.4 : 0.5), client ? k.ink : hue.fill);
    polyline(
      x,
      [
        [-0.22 * s, 0.02 * s],
        [-0.05 * s, 0.19 * s],
        [0.24 * s, -0.17 * s],
      ],
      client ? k.sheet : hue.on,
      Math.max(1.4, s * 0.13),
    );
  }
}
