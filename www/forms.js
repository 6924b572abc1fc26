// What is written on a stage, in all its forms from the fullest to the least, measured and not yet placed.

import { clientsShown } from "./layout.js";
import { lasting } from "./moment.js";
import { cellName, isPlain, moreOf } from "./more.js";
import { isTarget, roleOf } from "./draw/scene.js";

/**
 * @import { Cell, ClientFrame, MessageFrame, NodeFrame } from "./pkg/synod.js"
 * @import { Form, Part, PillWish, Row, VerdictWish, Wishes } from "./arrange.js"
 * @import { Scene } from "./draw/scene.js"
 * @typedef {{ size: number, weight?: number, mono?: boolean }} Face
 * @typedef {(text: string, face: Face) => number} Measure
 * @typedef {{ s: number, measure: Measure }} Pen `s` is how much larger than usual text is
 */

/** The most cells of a log that are drawn, and how few it folds to. */
const MOST_CELLS = 12;
const FOLDED = [6, 3];
/** On small stages: how many cells, and how many of them with what they hold. */
const SMALL_LOGS = [
  [4, 2],
  [5, 1],
  [4, 0],
  [2, 0],
];
/** And how many stand beside its name, where they have no room below. */
const BESIDE_NAME = [5, 3, 2];
/** Logs up to so long show what is in every cell; of longer ones only the newest does. */
const OPEN = 4;
const [CELL, CELL_GAP, CELL_HIGH, INDEX_HIGH, BAR_HIGH] = [20, 2, 22, 14, 8];
/** Text longer than this, in a cell or a register, is cut short; the whole of it is told when it is pointed at. */
const LONGEST = 12;
const LONGEST_HELD = 18;
/** How long, in wall ms, a client that finished stays. */
export const LINGER = 1500;
/** In larger fields only those who are looked at have a name. */
const NAMED_FIELD = 30;

/** @param {string} text @param {number} most */
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** @param {Pen} pen @param {string} text @param {Face & Partial<Part>} face @param {number} x @param {number} y */
const word = ({ s, measure }, text, face, x, y) =>
  /** @type {Part} */ ({
    what: "text",
    ...face,
    ...{ text, x, y, w: measure(text, { ...face, size: face.size * s }), h: face.size * s * 1.2, size: face.size * s },
  });

/**
 * Words in one line; where they stand left of a node, the first is still the nearest to it.
 * @param {Pen} pen @param {{ text: string, face: Face & Partial<Part> }[]} words @param {number} high @returns {Row}
 */
function line(pen, words, high) {
  const { s } = pen;
  const base = high * s * 0.78;
  const lay = (/** @type {typeof words} */ list) => {
    let x = 0;
    const parts = list.map(({ text, face }) => {
      const part = word(pen, text, face, x, base);
      x += part.w + 7 * s;
      return part;
    });
    return { parts, w: Math.max(0, x - 7 * s) };
  };
  const said = words.filter(({ text }) => text !== "");
  const there = lay(said);
  return { w: there.w, h: high * s, parts: there.parts, mirrored: lay([...said].reverse()).parts };
}

/** @param {Row[]} rows @returns {Form} */
export const form = (rows) => ({
  w: Math.max(0, ...rows.map((row) => row.w)),
  h: rows.reduce((sum, row) => sum + row.h, 0),
  rows,
});

/** What a cell holds, as short as it can be said. @param {Cell} cell */
export const held = (cell) => cut(cell.text.replace(/^set /, ""), LONGEST);

/**
 * A log as cells, those that are open with what they hold.
 * @param {Pen} pen @param {Cell[]} cells @param {number} open how many of the newest are @returns {Row}
 */
function strip(pen, cells, open) {
  const { s, measure } = pen;
  let x = 0;
  const parts = cells.map((cell, i) => {
    const text = i >= cells.length - open && isPlain(cell) ? held(cell) : "";
    const epoch = measure(cellName(cell), { size: 12.5 * s, weight: 700 });
    const inner = text ? epoch + 5 * s + measure(text, { size: 11.5 * s, mono: true }) + 10 * s : epoch + 6 * s;
    const w = Math.max(CELL * s, inner);
    const part = /** @type {Part} */ ({
      ...{ what: "cell", x, y: INDEX_HIGH * s, w, h: CELL_HIGH * s, text, size: s, index: i, of: cell },
    });
    x += w + CELL_GAP;
    return part;
  });
  return { w: Math.max(0, x - CELL_GAP), h: (INDEX_HIGH + CELL_HIGH + BAR_HIGH) * s, parts };
}

/**
 * A machine that holds one value.
 * @param {Pen} pen @param {Cell | undefined} cell @param {string} none @returns {Row}
 */
function register(pen, cell, none) {
  const { s, measure } = pen;
  const text = cell ? cut(cell.text, LONGEST_HELD) : none;
  const chip = cell ? Math.max(25 * s, measure(String(cell.epoch), { size: 14 * s, weight: 700 }) + 12 * s) : 0;
  const face = cell ? { size: 13.5 * s, mono: true } : { size: 13 * s };
  const w = Math.max(96 * s, chip + measure(text, face) + 18 * s);
  const part = /** @type {Part} */ ({
    ...{ what: "register", x: 0, y: 4 * s, w, h: 27 * s, text, size: s, index: chip, of: cell ?? null },
  });
  return { w, h: 33 * s, parts: [part] };
}

/** What was waited for has a clock before it. @param {Pen} pen @param {Row} row @returns {Row} */
function clocked({ s }, { w, h, parts }) {
  const wide = 17 * s;
  const clock = /** @type {Part} */ ({ what: "more", kind: "clock", x: 0, y: 2 * s, w: 13 * s, h: 13 * s, size: s });
  return { w: w + wide, h, parts: [clock, ...parts.map((part) => ({ ...part, x: part.x + wide }))] };
}

/**
 * A node's name, its role, one fact and what it holds.
 * @param {Scene} scene @param {NodeFrame} one @param {Pen} pen @param {boolean} small @returns {Form[]}
 */
function blockForms(scene, one, pen, small) {
  const { words } = scene;
  const role = roleOf(scene, one);
  const does = scene.extra?.stateWord(scene, one) ?? (role ? words.read(role.name) : one.role);
  const status = one.status === "up" ? does : words.say(one.status);
  const fact = one.status === "crashed" ? "" : words.read(one.says);
  const bold = { size: small ? 16 : 18, weight: 700 };
  const plain = /** @type {const} */ ({ size: small ? 13.5 : 14.5, color: "ink2" });
  const name = { text: one.name, face: bold };
  const short = line(pen, [name, { text: fact || status, face: plain }], small ? 20 : 22);
  const head = line(pen, [name, { text: status, face: plain }], small ? 20 : 22);
  // What it saw, and below it what it makes of that.
  const [seen, inferred] = fact.split(/[:\uff1a]\s*/);
  const factRow = (/** @type {string} */ text, /** @type {Face & Partial<Part>} */ face) =>
    line(pen, [{ text, face }], 17);
  // Only some facts are of a wait, which they measure.
  const waited = (/** @type {Row} */ row) => (scene.extra && /\d ms\b/.test(seen) ? clocked(pen, row) : row);
  const facts = [
    ...(fact && !inferred ? [factRow(seen, { size: 13, color: "ink3" })] : []),
    ...(inferred ? [waited(factRow(seen, { size: 13, weight: 700, color: "ink2" }))] : []),
    ...(inferred ? [factRow(inferred, { size: 13, color: "ink3" })] : []),
  ];
  const least = [
    form([line(pen, [name], small ? 19 : 22)]),
    form([line({ ...pen, s: Math.min(1, pen.s) }, [{ text: one.name, face: { size: 12, weight: 700 } }], 14)]),
  ];
  const told = one.strips[0];
  const more = scene.extra ? fuller(scene.extra.rowsOf(scene, one, pen)) : (/** @type {Form[]} */ forms) => forms;
  if (told?.kind === "single") {
    const box = register(pen, told.cells[0], words.say("nothing-held"));
    return more([form([short, box]), form([short]), form([head]), ...least]);
  }
  const cells = (told?.cells ?? []).slice(-MOST_CELLS);
  if (small) {
    const said = inferred ? [head, ...facts] : [short];
    const alone = line(pen, [name], 20);
    const first = cells.length > 1 ? named(pen, alone, cells.slice(-BESIDE_NAME[1])) : said[0];
    // A role alone would say something else than what is so.
    const role = fact ? least[0] : form([head]);
    return more(smallForms(pen, cells, said, [role, ...least], alone), first);
  }
  const log = (/** @type {number} */ most, /** @type {number} */ open) =>
    form([head, ...facts, strip(pen, cells.slice(-most), open)]);
  const folded = [form([head, ...facts]), form([short]), ...least];
  if (!cells.length) return more([...Array(FOLDED.length + 3).fill(folded[0]), ...folded]);
  const count = words.say("cells", { n: told.cells.at(-1)?.index ?? told.cells.length });
  return more([
    log(MOST_CELLS, cells.length <= OPEN ? OPEN : 1),
    log(MOST_CELLS, 1),
    ...FOLDED.map((most) => log(most, 1)),
    form([head, ...facts, line(pen, [{ text: count, face: { size: 13, color: "ink3" } }], 17)]),
    ...folded,
  ]);
}

/**
 * Where all is small: the newest cells of a log below its node's fact, as long as there is room; then beside its name
 * alone, where there is something to compare.
 * @param {Pen} pen @param {Cell[]} cells @param {Row[]} said @param {Form[]} least @param {Row} name @returns {Form[]}
 */
function smallForms(pen, cells, said, least, name) {
  const log = SMALL_LOGS.map(([most, open]) => form([...said, strip(pen, cells.slice(-most), open)]));
  const told = form(said);
  const beside = BESIDE_NAME.map((most) => form([named(pen, name, cells.slice(-most))]));
  return [
    ...(cells.length ? log : log.map(() => told)),
    ...(cells.length > 1 ? beside : beside.map(() => told)),
    told,
    ...least,
  ];
}

/**
 * A node's name, and its newest cells behind it.
 * @param {Pen} pen @param {Row} name @param {Cell[]} cells @returns {Row}
 */
function named(pen, name, cells) {
  const { w, parts } = strip(pen, cells, 0);
  const left = name.w + 6 * pen.s;
  const bare = parts.map((part) => ({ ...part, kind: "bare", x: left + part.x, y: 0 }));
  return { w: left + w, h: (CELL_HIGH + BAR_HIGH) * pen.s, parts: [...name.parts, ...bare] };
}

/**
 * Forms with more rows below the fullest, then with fewer, then in a line with what is least. Nodes that have none keep
 * step with those that have.
 * @param {Row[][]} rows @returns {(forms: Form[], first?: Row) => Form[]} `first` is the line
 */
const fuller =
  (rows) =>
  (forms, first = (forms.at(-4) ?? forms[0]).rows[0]) => [
    ...[0, 1, 2].map((at) => (rows[at]?.length ? form([...forms[0].rows, ...rows[at]]) : forms[0])),
    ...[1, 2].map((at) => (rows[at]?.length ? form([first, ...rows[at]]) : forms[0])),
    ...forms,
  ];

/**
 * In a field only the first who knew, and whoever is looked at, has a name; few say what they hold.
 * @param {Scene} scene @param {NodeFrame} one @param {Pen} pen @returns {Form[]}
 */
function fieldForms(scene, one, pen) {
  const looked = isTarget(scene.focus, one.id) || isTarget(scene.hover, one.id);
  const name = looked || scene.layout.places.length <= NAMED_FIELD ? one.name : "";
  const held = (one.registers ?? []).map(({ key, value }) => `${key} = ${value}`).join(" ");
  const fact = held || (one.mark === 0 || looked ? scene.words.read(one.says) : "");
  const forms = [[name, fact].filter(Boolean).join(" "), name].filter(Boolean);
  return [...new Set(forms)].map((text) => form([line(pen, [{ text, face: { size: 12.5, weight: 700 } }], 16)]));
}

/**
 * What a client that is a machine of its own says of itself: whether it stands still, how its clock is off, what it
 * was answered, and what it knows.
 * @param {Scene["words"]} words @param {ClientFrame} client
 */
function machineWords(words, { status, clock, state, answered, says }) {
  const signed = (/** @type {number} */ n) => `${n < 0 ? "−" : "+"}${Math.abs(n)}`;
  const off = [
    clock?.rate ? `${signed(Math.round(clock.rate * 1000) / 10)} %` : "",
    clock?.offset ? `${signed(clock.offset)} ms` : "",
  ];
  const parts = [
    status === "paused" ? words.say("paused") : "",
    off.some(Boolean) ? `${words.say("clock")} ${off.filter(Boolean).join(", ")}` : "",
    state === "ok" ? words.say("answered", { answer: answered ? words.read(answered) : "" }) : "",
    says ? words.read(says) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @param {Pick<Scene, "words" | "rate" | "now" | "protocol">} scene @param {ClientFrame} client */
export function clientWords({ words, rate, now, protocol }, client) {
  if (client.status) return machineWords(words, client);
  // Fast runs would count faster than anyone reads.
  const round = rate > 0.2 ? 100 : 10;
  const waited = Math.floor(Math.max(0, now - client.since) / round) * round;
  const stands = {
    waiting: words.say("waiting-for", { n: lasting(protocol, words, waited) }),
    ok: words.say("answered", { answer: client.answered ? words.read(client.answered) : "" }),
    failed: words.say("failed"),
    unknown: words.say("unknown"),
  }[client.state];
  return client.says ? `${stands} · ${words.read(client.says)}` : stands;
}

/**
 * What a client is at; one that keeps something, or one among several where there is room, has a name worth knowing.
 * @param {Scene} scene @param {ClientFrame} client
 */
export function clientErrand({ frame, layout }, client) {
  const named = client.says || (frame.clients.length > 1 && !layout.compact);
  return cut(named ? `${client.name} ${client.operation}` : client.operation, 24);
}

export const PILL = { pad: 11, operation: 13.5, state: 13, small: 12 };

/** @param {Scene} scene @param {ClientFrame} client @param {Pen} pen @returns {PillWish} */
function pillWish(scene, client, { s, measure }) {
  const small = scene.layout.compact;
  const state = clientWords(scene, client).replace(/\d/g, "0");
  const size = (/** @type {number} */ least, /** @type {number} */ face, /** @type {string[]} */ texts) =>
    Math.max(
      least * s,
      Math.ceil(Math.max(...texts.map((text, i) => measure(text, { size: (face - i * 0.5) * s, mono: i === 0 }))) / 8) *
        8 +
        2 * PILL.pad * s,
    );
  const face = small ? PILL.small : PILL.operation;
  const operation = clientErrand(scene, client);
  return {
    name: client.name,
    node: client.from,
    corner: client.id,
    wide: Boolean(client.says),
    forms: [
      { w: size(small ? 96 : 140, face, [operation, state]), h: (small ? 40 : 46) * s },
      { w: size(40, PILL.small, [operation]), h: 24 * s },
    ],
  };
}

/** How many of each side are up, and what it can do. @param {Scene} scene @param {Pen} pen @returns {VerdictWish[]} */
function verdictWishes(scene, pen) {
  const { words } = scene;
  const { s } = pen;
  // What is settled is more than what could be.
  const settled = scene.extra?.islands(scene, pen) ?? [];
  const open = scene.frame.sides.filter(({ members: [id] }) => !settled.some(({ ids }) => ids.includes(id)));
  const able = open.map(({ members: ids, have, need, of, says }) => {
    const count = word(pen, words.say("side-can", { n: have, of }), { size: 14.5, weight: 700 }, 30 * s, 17 * s);
    const verdict = words.read(says);
    const rim = /** @type {Part} */ ({ what: "rim", x: 0, y: 0, w: 24 * s, h: 24 * s, of: { have, need, of } });
    const face = /** @type {const} */ ({ size: 14, color: "ink2" });
    const after = word(pen, verdict, face, 36 * s + count.w, 17 * s);
    const under = word(pen, verdict, face, 30 * s, 34 * s);
    const row = (/** @type {Part[]} */ parts, /** @type {number} */ h) =>
      form([{ w: Math.max(...parts.map((part) => part.x + part.w)), h: h * s, parts }]);
    const few = { text: words.say("side-can", { n: have, of }), face: { size: 12.5, weight: 700 } };
    const low = form([line(pen, [few], 16), line(pen, [{ text: verdict, face: { size: 12, color: "ink2" } }], 15)]);
    const least = form([line(pen, [few], 16)]);
    const forms = [row([rim, count, after], 24), row([rim, count, under], 40), low, row([rim, count], 24), least];
    return { ids, forms };
  });
  return [...settled, ...able];
}

/** Clocks that are off. @param {Scene} scene @param {Pen} pen */
const badgeWishes = ({ frame, protocol, words }, { s, measure }) =>
  frame.nodes.flatMap(({ id, clock: { rate, offset } }) => {
    if (rate === 0 && offset === 0) return [];
    const sign = (rate || offset) > 0 ? "+" : "−";
    const text =
      sign + (rate ? `${Math.abs(Math.round(rate * 1000) / 10)}%` : lasting(protocol, words, Math.abs(offset)));
    return [{ id, text, w: measure(text, { size: 12 * s, weight: 700 }) + 28 * s, h: 22 * s }];
  });

/**
 * What the looks of nodes say, where there are too many to say it beside each.
 * @param {Scene} scene @param {Pen} pen
 */
function legendForm(scene, pen) {
  const { s } = pen;
  const roles = scene.protocol.roles.map((role, index) => ({ role, index }));
  const row = (/** @type {typeof roles} */ some, /** @type {number} */ size, /** @type {number} */ gap) => {
    let x = 0;
    const parts = some.flatMap(({ role, index }) => {
      const swatch = /** @type {Part} */ ({ what: "swatch", x, y: s, w: 16 * s, h: 16 * s, index, of: role });
      const said = word(pen, scene.words.read(role.name), { size, color: "ink2" }, x + 20 * s, 13.5 * s);
      x += 20 * s + said.w + gap * s;
      return [swatch, said];
    });
    return { w: x - gap * s, h: 19 * s, parts };
  };
  const forms = [form([row(roles, 13, 18)]), form([row(roles, 11.5, 12)])];
  const low = form([row(roles.slice(0, 2), 12, 14), row(roles.slice(2), 12, 14)]);
  return forms.find((one) => one.w < scene.layout.W - 34) ?? low;
}

/**
 * Whether what is written of a node likes to stand beside it.
 * @param {Scene["layout"]} layout @param {NodeFrame} one
 */
function besideOf(layout, one) {
  const { writes } = layout.places.find((place) => place.id === one.id) ?? {};
  if (writes) return writes === "beside";
  return !layout.compact && !layout.rows && (!layout.columns || one.strips.length > 0);
}

/**
 * All that is to be written on a stage, but for what goes with moving messages.
 * @param {Scene} scene @param {Pen} pen @returns {Wishes}
 */
export function wishesOf(scene, pen) {
  const { layout, frame, extra } = scene;
  const fielded = layout.crowd ?? false;
  const small = layout.compact || (layout.places[0]?.r ?? 0) < 20;
  const columns = layout.columns ?? false;
  const places = layout.places.map((place) => ({
    ...place,
    ...{ ringed: scene.alarmed.includes(place.id), pad: extra?.padOf(scene, place.id) ?? 0 },
  }));
  return {
    ...{ W: layout.W, H: layout.H, places, columns, compact: layout.compact },
    hollow:
      fielded || columns || layout.rows || layout.upright || layout.places.length < 3 || moreOf(frame).places?.length
        ? null
        : { rx: layout.rx, ry: layout.ry },
    blocks: frame.nodes
      .map((one) => ({
        id: one.id,
        forms: fielded ? fieldForms(scene, one, pen) : blockForms(scene, one, pen, small),
        kin: one.role,
        beside: !fielded && besideOf(layout, one),
      }))
      .filter((wish) => wish.forms.length > 0),
    pills: clientsShown(frame, scene.now, LINGER * scene.rate).map((client) => pillWish(scene, client, pen)),
    badges: badgeWishes(scene, pen),
    verdicts: [...verdictWishes(scene, pen), ...(extra?.wishes(scene, pen) ?? [])],
    legend: fielded ? legendForm(scene, pen) : null,
    ...{ torn: [], taken: extra?.taken(scene, pen) },
  };
}

/**
 * What a message says of itself, in two lines or one.
 * @param {Scene} scene @param {MessageFrame} one @param {Pen} pen
 */
export function labelForms(scene, one, pen) {
  const { words, protocol, frame } = scene;
  const kind = protocol.messages.find((kind) => kind.id === one.kind);
  const name = (kind ? words.read(kind.name) : one.kind).replace(/^(an?|the) /, "");
  const called = (/** @type {number | string} */ end) =>
    typeof end === "string" ? end : (frame.nodes.find((node) => node.id === end)?.name ?? "");
  const epoch = one.epoch
    ? `${words.lang === "zh" ? "，" : ", "}${words.read(protocol.epoch.named).replace("{n}", String(one.epoch))}`
    : "";
  const way = words.say("from-to", { from: called(one.from), to: called(one.to) }) + epoch;
  const first = line(pen, [{ text: name, face: { size: 14, weight: 700 } }], 18);
  return [form([first, line(pen, [{ text: way, face: { size: 13, color: "ink2" } }], 17)]), form([first])];
}
