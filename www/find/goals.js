// What the finder should look for: any property, one of them, a state that can be said of roles, or a condition in the
// words of lessons.

import { h, setText } from "../dom.js";
import { line, node, round, text } from "../draw/glyphs.js";
import { ink, readTokens } from "../draw/tokens.js";
import { icon } from "../icons.js";
import { fit } from "../shell.js";
import { foundBy, look } from "./model.js";
import { tell } from "./say.js";

/**
 * @import { Protocol } from "../pkg/synod.js"
 * @import { Tokens } from "../draw/tokens.js"
 * @import { Limit } from "./finder.js"
 * @import { Find, Wanted } from "./model.js"
 * @import { Part } from "./rules.js"
 * @typedef {(x: CanvasRenderingContext2D, k: Tokens, W: number, H: number) => void} Draw
 * @typedef {{ wanted: Wanted, title: () => string, says: () => string, draw: Draw }} Choice
 */

const EPOCH = 3;

/** @param {Find} find @returns {Choice[]} */
function choicesOf(find) {
  const { lab } = find;
  const { invariants, roles } = lab.protocol;
  const read = (/** @type {{ en: string, zh: string }} */ says) => lab.words.read(says);
  const word = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ fill = {}) =>
    tell(lab.words, key, fill);
  const n = invariants.length;
  /** @type {Choice} */
  const any = {
    wanted: { kind: "any" },
    title: () => word("card-any"),
    says: () => word("card-any-says", { n }),
    draw: (x, k, W, H) => marks(x, k, W, H, n, Math.min(n - 1, 4), true),
  };
  const two = roles
    .filter((role) => role.authority === "commands" && role.crest)
    .map((role) => ({
      wanted: /** @type {Wanted} */ ({ kind: "when", text: `count ${role.id} >= 2` }),
      title: () => word("card-two", { role: read(role.name) }),
      says: () => word("card-two-says"),
      draw: /** @type {Draw} */ ((x, k, W, H) => twice(x, k, W, H, role)),
    }));
  const each = invariants.map((one, at) => ({
    wanted: /** @type {Wanted} */ ({ kind: "property", id: one.id }),
    title: () => read(one.title),
    says: () => read(one.says),
    draw: /** @type {Draw} */ ((x, k, W, H) => marks(x, k, W, H, n, at, false)),
  }));
  /** @type {Choice} */
  const own = {
    wanted: { kind: "when", text: "" },
    title: () => word("card-own"),
    says: () => word("card-own-says"),
    draw: (x, k, W, H) => written(x, k, W, H, exampleOf(lab.protocol)[0]),
  };
  return [any, ...two, own, ...each];
}

/** Two conditions that this protocol understands. @param {Protocol} protocol */
const exampleOf = ({ roles, rules }) => {
  const role = roles.find((one) => one.authority === "commands") ?? roles[0];
  return [`count ${role?.id} >= 2`, `fired ${rules[0]?.id} >= 3`];
};

/** Every property, and which is to break. @param {CanvasRenderingContext2D} x @param {Tokens} k @param {number} W
 * @param {number} H @param {number} n @param {number} which @param {boolean} all */
function marks(x, k, W, H, n, which, all) {
  const across = Math.ceil(Math.sqrt(n * 1.4));
  const rows = Math.ceil(n / across);
  const [dx, dy] = [Math.min(46, (W - 34) / across), Math.min(27, (H - 22) / rows)];
  for (let i = 0; i < n; i++) {
    const cx = W / 2 + ((i % across) - (across - 1) / 2) * dx;
    const cy = H / 2 + (Math.floor(i / across) - (rows - 1) / 2) * dy;
    x.lineCap = x.lineJoin = "round";
    if (i === which) crossed(x, k, cx, cy);
    else tick(x, cx, cy, all ? k.ink : k.ghost, all ? 2 : 1.5);
  }
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {number} cx @param {number} cy */
function crossed(x, k, cx, cy) {
  x.beginPath();
  x.arc(cx, cy, 9, 0, Math.PI * 2);
  x.fillStyle = k.alarm;
  x.fill();
  for (const s of [-1, 1]) line(x, cx - 3.2, cy - 3.2 * s, cx + 3.2, cy + 3.2 * s, k.sheet, 1.9);
}

/**
 * @param {CanvasRenderingContext2D} x @param {number} cx @param {number} cy @param {string} color @param {number}
 *   width
 */
function tick(x, cx, cy, color, width) {
  x.beginPath();
  x.moveTo(cx - 6, cy);
  x.lineTo(cx - 2, cy + 4.5);
  x.lineTo(cx + 6.5, cy - 5);
  x.strokeStyle = color;
  x.lineWidth = width;
  x.stroke();
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {number} W @param {number} H
 * @param {Protocol["roles"][number]} role */
function twice(x, k, W, H, role) {
  for (const side of [-1, 1])
    node(x, k, {
      ...{ cx: W / 2 + side * 32, cy: H / 2 + 2, r: 19, shape: role.shape, authority: role.authority },
      ...{ crest: true, epoch: EPOCH, hue: ink(k, EPOCH), status: "up", left: null, truth: null, tally: null },
      ...{ grow: 1, focus: false, alarm: false },
    });
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {number} W @param {number} H @param {string} words */
function written(x, k, W, H, words) {
  x.font = `12px ${k.mono}`;
  const size = Math.min(12, (12 * (W - 20)) / x.measureText(words).width);
  const wide = Math.min(W - 2, (x.measureText(words).width * size) / 12 + 18);
  round(x, W / 2 - wide / 2, H / 2 - 14, wide, 28, 6);
  x.fillStyle = k.sheet;
  x.fill();
  x.strokeStyle = k.ink;
  x.lineWidth = 1.5;
  x.stroke();
  x.save();
  x.clip();
  text(x, k, words, W / 2 - wide / 2 + 9, H / 2 + 4, { size, font: k.mono });
  x.restore();
}

/** @param {Wanted} a @param {Wanted} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Find} find @returns {Part} */
export function buildGoals(find) {
  const choices = choicesOf(find);
  const [title, judged] = [h("h2"), h("span")];
  const own = buildOwn(find);
  const choose = (/** @type {Choice} */ choice) => {
    find.wanted = choice.wanted.kind === "when" && !choice.wanted.text ? own.wanted() : choice.wanted;
    find.failed = "";
    find.update();
    if (choice === choices.find(isOwn)) own.focus();
  };
  const cards = choices.map((choice) => {
    const parts = { canvas: h("canvas", { "aria-hidden": "true" }), name: h("b"), says: h("span") };
    const card = h("button", { class: "card", type: "button", "aria-pressed": "false" }, ...Object.values(parts));
    card.addEventListener("click", () => choose(choice));
    return { choice, card, ...parts };
  });
  const foot = buildFoot(find);
  const head = h("div", { class: "hd" }, title, judged);
  const grid = h("div", { class: "cards" }, ...cards.map(({ card }) => card));
  const element = h("div", { class: "goals" }, head, grid, own.element, foot.element);
  const chosen = () => cards.find(({ choice }) => !isOwn(choice) && same(choice.wanted, find.wanted));
  let drawn = "";
  const update = () => {
    const { words } = find.lab;
    setText(title, tell(words, "what-for"));
    setText(judged, tell(words, "judged"));
    const on = chosen() ?? cards.find(({ choice }) => isOwn(choice));
    for (const one of cards) {
      setText(one.name, one.choice.title());
      setText(one.says, one.choice.says());
      one.card.setAttribute("aria-pressed", String(one === on));
    }
    own.element.hidden = !on || !isOwn(on.choice);
    own.update();
    foot.update();
    const key = `${document.documentElement.dataset.theme} ${grid.clientWidth} ${words.lang}`;
    if (key === drawn || !grid.clientWidth) return;
    drawn = key;
    const k = readTokens();
    for (const { canvas, choice } of cards) {
      const { x, W, H } = fit(canvas);
      x.clearRect(0, 0, W, H);
      choice.draw(x, k, W, H);
    }
  };
  return { element, update };
}

/** @param {Choice} choice */
const isOwn = ({ wanted }) => wanted.kind === "when" && !wanted.text;

/** Conditions that are written; what is wrong with them the finder says. @param {Find} find */
function buildOwn(find) {
  const label = h("label", { for: "find-own" });
  const field = h("textarea", { id: "find-own", rows: 2, spellcheck: "false", maxlength: 600 });
  const hint = h("small");
  field.value = exampleOf(find.lab.protocol)[1];
  const wanted = () => /** @type {Wanted} */ ({ kind: "when", text: field.value });
  field.addEventListener("input", () => {
    find.wanted = wanted();
    find.failed = "";
    find.update();
  });
  const update = () => {
    const { words, protocol } = find.lab;
    const [a, b] = exampleOf(protocol);
    setText(label, tell(words, "own-label"));
    setText(hint, tell(words, "own-hint", { a, b }));
  };
  return { element: h("div", { class: "own" }, label, field, hint), update, wanted, focus: () => field.focus() };
}

/** How many faults and steps it may take, and the way to begin. @param {Find} find @returns {Part} */
function buildFoot(find) {
  const number = (/** @type {Limit} */ limit, /** @type {number} */ most) => {
    const input = h("input", { type: "number", class: "num", min: 0, max: most, id: `find-${limit}` });
    input.addEventListener("input", () => {
      const value = Math.floor(Number(input.value));
      if (input.value === "" || !(value >= 0)) delete find.limits[limit];
      else find.limits[limit] = Math.min(most, value);
      find.update();
    });
    return input;
  };
  const fields = [
    { input: number("faults", 99), before: h("span"), after: h("span"), words: ["at-most-faults", "faults"] },
    { input: number("steps", 999), before: h("span"), after: h("span"), words: ["at-most-steps", "steps-unit"] },
  ];
  const word = h("span");
  const begin = () => {
    if (find.wanted.kind === "when" && !find.wanted.text.trim()) {
      find.failed = tell(find.lab.words, "own-empty");
      return find.update();
    }
    if (foundBy(find)) find.shown = "goals";
    look(find);
  };
  const go = h("button", { class: "btn", type: "button", onclick: begin }, icon("find"), word);
  const labels = fields.map(({ input, before, after }) => h("label", {}, before, input, after));
  const element = h("div", { class: "foot-line" }, ...labels, h("span", { class: "sp" }), go);
  const update = () => {
    const { words } = find.lab;
    for (const {
      input,
      before,
      after,
      words: [a, b],
    } of fields) {
      setText(before, tell(words, a));
      setText(after, tell(words, b));
      input.placeholder = tell(words, "number-open");
    }
    setText(word, tell(words, "look"));
    go.disabled = find.running !== null;
  };
  return { element, update };
}
