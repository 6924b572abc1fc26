// What one can take along: the stage and the time diagram as pictures, the run as a recording, and
// its trace in the forms that other tools read. Fetched when it is asked for.

import { brokenRules } from "./broken.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { line, measure, text } from "./draw/glyphs.js";
import { readTokens } from "./draw/tokens.js";
import { icon } from "./icons.js";
import { paintOn } from "./paint.js";
import { asTest } from "./script.js";
import { attempt, copyText, fragment } from "./share.js";
import { read, say } from "./words.js";
import { Context } from "svgcanvas/dist/svgcanvas.esm.js";

/**
 * @import { Simulation } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ lab: Lab, canvases: () => HTMLCanvasElement[], paint: (x: CanvasRenderingContext2D) => void, size: ()
 *   => { W: number, H: number }, background: () => string, head?: number }} Picture
 */

const FILM = 5000;

/** @param {string} name @param {Blob} blob @param {Lab} lab */
function save(name, blob, lab) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  lab.told(say("export-saved", { name }));
}

/** A picture as drawn on a canvas of its own. @param {Picture} picture */
export async function png(picture) {
  const { W, H } = picture.size();
  const canvas = h("canvas", { width: W * 2, height: H * 2 });
  const x = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  x.scale(2, 2);
  x.fillStyle = picture.background();
  x.fillRect(0, 0, W, H);
  paintOn(picture, x);
  return new Promise((done) => canvas.toBlob((blob) => done(/** @type {Blob} */ (blob)), "image/png"));
}

/** The same drawing, written down as SVG. @param {Picture} picture @returns {string} */
export function svg(picture) {
  const { W, H } = picture.size();
  const x = new Drawing({ width: W, height: H });
  x.fillStyle = picture.background();
  x.fillRect(0, 0, W, H);
  // Dots are pixels: they go into the drawing as a picture.
  x.putImageData = (data, left, top) => {
    const canvas = h("canvas", { width: data.width, height: data.height });
    canvas.getContext("2d")?.putImageData(data, 0, 0);
    x.drawImage(canvas, left, top);
  };
  paintOn(picture, /** @type {any} */ (x));
  return x.getSerializedSvg(true);
}

/** Texts with their fonts as attributes: the library asks a style for them, which a policy may forbid. */
class Drawing extends Context {
  /** @param {string} text @param {number} px @param {number} py @param {"fill" | "stroke"} action */
  __applyText(text, px, py, action) {
    const [, weight = "400", size = "13px", family = "sans-serif"] = this.font.match(/^(\d+) ([\d.]+px) (.*)$/) ?? [];
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? "start";
    const parent = this.__closestGroupOrSvg();
    const one = this.__createElement(
      "text",
      {
        "font-family": family.replaceAll('"', "'"),
        "font-size": size,
        "font-weight": weight,
        x: px,
        y: py,
        "text-anchor": anchor,
        "dominant-baseline": this.textBaseline === "middle" ? "central" : "alphabetic",
      },
      true,
    );
    one.append(text);
    this.__currentElement = one;
    this.__applyTransformation(one);
    this.__applyStyleToCurrentElement(action);
    parent.append(one);
  }
}

/**
 * The trace, a record a line. The first bears the recording that makes it again, so that it opens where it is dropped
 * on the lab.
 * @param {Simulation} sim
 */
export function jsonLines(sim) {
  const [first, ...rest] = sim.trace(0);
  const lines = [{ ...first, run: sim.recording(), t: sim.now }, ...rest];
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

/** The expression that ShiViz is given to read the log with; it stands in its first lines. */
export const SHIVIZ = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)";

/** A log of vector clocks, as ShiViz reads it. @param {Simulation} sim @param {(node: number) => string} nameOf */
export function shiviz(sim, nameOf) {
  /** @type {Map<string, Record<string, number>>} */
  const clocks = new Map();
  /** Clocks by the record that they were at. @type {Map<number, Record<string, number>>} */
  const at = new Map();
  const lines = [];
  for (const record of sim.trace(0)) {
    if (record.node === null || record.what === "violation") {
      if (record.cause !== null) at.set(record.seq, at.get(record.cause) ?? {});
      continue;
    }
    const host = nameOf(record.node);
    const clock = { ...(clocks.get(host) ?? {}) };
    const heard = record.cause === null ? undefined : at.get(record.cause);
    for (const [other, n] of Object.entries(heard ?? {})) clock[other] = Math.max(clock[other] ?? 0, n);
    clock[host] = (clock[host] ?? 0) + 1;
    clocks.set(host, clock);
    at.set(record.seq, clock);
    lines.push(`${host} ${JSON.stringify(clock)}`, record.says.en.replaceAll("\n", " "));
  }
  return `${lines.join("\n")}\n`;
}

/** Messages between nodes in the order of their sending, as a Mermaid sequence diagram. @param {Lab} lab */
export function mermaid(lab) {
  const { sim, protocol } = lab;
  const rows = sim.diagram(0).flights.slice();
  const names = lab.frame.nodes.map((one) => one.name);
  const out = ["sequenceDiagram"];
  for (const name of names) out.push(`  participant ${name}`);
  const most = 400;
  let count = 0;
  for (let i = 0; i < rows.length && count < most; i += 11) {
    const [from, to, kind, quiet, epoch, lost] = [
      rows[i + 1],
      rows[i + 2],
      rows[i + 3],
      rows[i + 5],
      rows[i + 6],
      rows[i + 10],
    ];
    if (from < 0 || to < 0 || quiet === 1) continue;
    count += 1;
    const label =
      `${read(protocol.messages[kind].name)}, ${read(protocol.epoch.named).replace("{n}", String(epoch))}`.replace(
        /[;:#]/g,
        " ",
      );
    out.push(`  ${names[from]}${lost ? "--x" : "->>"}${names[to]}: ${label}`);
  }
  return `${out.join("\n")}\n`;
}

/**
 * Five seconds of the canvases, as they are shown.
 * @param {Picture} picture
 * @param {() => void} play
 * @param {number} [span]
 */
export async function webm(picture, play, span = FILM) {
  const { W, H } = picture.size();
  const canvas = h("canvas", { width: Math.round(W) & ~1, height: Math.round(H) & ~1 });
  const x = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (!canvas.captureStream || typeof MediaRecorder === "undefined" || !MediaRecorder.isTypeSupported("video/webm"))
    return null;
  const stream = canvas.captureStream(30);
  const recorder = new MediaRecorder(stream, { mimeType: "video/webm", videoBitsPerSecond: 4_000_000 });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => (recorder.onstop = done));
  const until = performance.now() + span;
  recorder.start();
  play();
  await new Promise((done) => {
    const frame = () => {
      x.fillStyle = picture.background();
      x.fillRect(0, 0, canvas.width, canvas.height);
      const head = picture.head ?? 0;
      for (const one of picture.canvases()) x.drawImage(one, 0, head, canvas.width, canvas.height - head);
      if (performance.now() < until) requestAnimationFrame(frame);
      else done(undefined);
    };
    frame();
  });
  recorder.stop();
  await ended;
  return new Blob(parts, { type: "video/webm" });
}

/** Room above a picture for what is broken on purpose, in px. */
const HEAD = 34;

/**
 * A picture that says what is broken on purpose, so that nobody takes it for the unbroken protocol.
 * @param {Picture} picture
 * @returns {Picture}
 */
function labelled(picture) {
  const rules = brokenRules(picture.lab);
  if (!rules.length) return picture;
  const { read, say } = picture.lab.words;
  const [first, rest] = [say("broken-on-purpose"), rules.map((one) => read(one.rule)).join(say("comma"))];
  return {
    ...picture,
    head: HEAD,
    size: () => ({ W: picture.size().W, H: picture.size().H + HEAD }),
    paint: (x) => {
      x.save();
      x.translate(0, HEAD);
      picture.paint(x);
      x.restore();
      const k = readTokens();
      const [bold, plain] = [
        { size: 14, weight: 700, color: k.alarm },
        { size: 14, color: k.ink },
      ];
      text(x, k, first, 16, 22, bold);
      const [from, wide] = [24 + measure(x, k, first, bold), measure(x, k, rest, plain)];
      text(x, k, rest, from, 22, plain);
      line(x, from, 17.5, from + wide, 17.5, k.alarm, 1.5);
    },
  };
}

/** What clients did and were told, an operation a line, as the history view takes it. @param {Lab} lab */
async function historyOf(lab) {
  const [{ ofRun, printed }, { tell }] = await Promise.all([import("./history/text.js"), import("./history/say.js")]);
  return `# ${tell(lab.words, "text-how")}\n${printed(ofRun(lab.sim.history()))}\n`;
}

/** @typedef {[string, () => void | Promise<void>]} Way its word, and what it does */

/** @param {Lab} lab @param {Picture} stage @param {Picture | null} time @param {() => void} play @returns {Way[]} */
function waysOut(lab, stage, time, play) {
  const name = (/** @type {string} */ end) => `synod-${lab.protocol.id}-${lab.sim.seed}.${end}`;
  const nameOf = (/** @type {number} */ node) => lab.frame.nodes.find((one) => one.id === node)?.name ?? String(node);
  const keep = (/** @type {string} */ end, /** @type {string} */ text, /** @type {string} */ type) =>
    save(name(end), new Blob([text], { type }), lab);
  const film = async () => {
    lab.told(say("export-recording"));
    const film = await webm(stage, play);
    if (film) save(name("webm"), film, lab);
    else lab.told(say("export-no-webm"), true);
  };
  const link = () => copyText(new URL(`lab.html${fragment(lab)}`, document.baseURI).href, lab.told);
  /** @type {Way[]} */
  const ofTime = time
    ? [
        ["export-time-svg", () => keep("time.svg", svg(time), "image/svg+xml")],
        ["export-time-png", async () => save(name("time.png"), await png(time), lab)],
      ]
    : [];
  /** @type {Way[]} */
  const told = lab.sim.history().length
    ? [["export-history", async () => keep("history.txt", await historyOf(lab), "text/plain")]]
    : [];
  return [
    ["export-link", link],
    ["export-svg", () => keep("svg", svg(stage), "image/svg+xml")],
    ["export-png", async () => save(name("png"), await png(stage), lab)],
    ...ofTime,
    ["export-webm", film],
    ["export-jsonl", () => keep("jsonl", jsonLines(lab.sim), "application/jsonl")],
    ["export-shiviz", () => keep("shiviz.log", shiviz(lab.sim, nameOf), "text/plain")],
    ["export-mermaid", () => keep("mmd", mermaid(lab), "text/plain")],
    ...told,
    ["export-test", () => keep("rs", asTest(lab.sim), "text/plain")],
  ];
}

/**
 * The menu of all that can be taken along.
 * @param {HTMLElement} at @param {Picture} stage @param {Picture | null} time @param {import("./deck.js").Deck} deck
 */
export function openExport(at, stage, time, deck) {
  const { lab } = stage;
  const play = () => {
    if (!deck.playing()) deck.toggle();
  };
  const button = (/** @type {Way} */ [word, act]) => {
    const take = () => {
      dialog.close();
      attempt(act, lab.told);
    };
    const props = { class: "btn", type: "button", "data-export": word.slice("export-".length), onclick: take };
    return h("button", props, icon("save"), say(word));
  };
  const ways = waysOut(lab, labelled(stage), time && labelled(time), play).map(button);
  const dialog = openDialog(
    { title: say("export"), name: "export", from: at },
    h("div", { class: "ways-out" }, ...ways),
  );
}
