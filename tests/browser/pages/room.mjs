// Inside the page of a test: what is written on stages, as boxes, judged without being drawn.
import { Lesson, Simulation, catalog, create, look, wordsIn } from "./labs.mjs";
import { makeMemory } from "/draw/memory.js";
import { labelsOf, shownOf } from "/draw/stage.js";
import { readTokens } from "/draw/tokens.js";
import { arrangeLegend } from "/swarm.js";
import { progress, visible } from "/aloft.js";
import { arrange } from "/layout.js";
import { glyphSize, way } from "/layout/ways.js";
import { lessonFor } from "/said.js";
import { free, go, makeStory } from "/story.js";
import { sceneOf } from "/view.js";

const pen = document.createElement("canvas").getContext("2d");
/** A label and a message may come so near. */
const NEAR = 0.5;

/** The rectangle that a part takes, with its text measured anew. */
function extent(part, tokens) {
  if (part.what !== "text") return part;
  pen.font = `${part.weight ?? 400} ${part.size}px ${part.mono ? tokens.mono : tokens.ui}`;
  const { width, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = pen.measureText(part.text);
  return { x: part.x, y: part.y - up, w: width, h: up + down };
}

const over = (a, b) =>
  Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > 0.01 &&
  Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > 0.01;

function onDisc(rect, { x, y, r }) {
  const dx = x - Math.max(rect.x, Math.min(rect.x + rect.w, x));
  const dy = y - Math.max(rect.y, Math.min(rect.y + rect.h, y));
  return Math.hypot(dx, dy) < r - NEAR;
}

const inside = (a, b, slack = 0.01) =>
  a.x >= b.x - slack && a.y >= b.y - slack && a.x + a.w <= b.x + b.w + slack && a.y + a.h <= b.y + b.h + slack;

/** A lab at a size, in a language, with its text so much larger: what is wrong with what is written on it. */
export function judge(lab, { W, H, scale, lang }) {
  const tokens = { ...readTokens(), scale };
  lab.words = wordsIn(lang);
  const memory = makeMemory();
  const layout = arrange(W, H, {
    ...{ wish: lab.protocol.layout, nodes: lab.frame.nodes, edges: lab.edges, memory, scale },
    grounds: lab.frame.places,
  });
  const scene = sceneOf(lab, layout, 1e9);
  if (!lab.frame.nodes.length) return judgeLegend(lab, { W, H, scale });
  scene.shown = shownOf(pen, tokens, scene);
  const labels = labelsOf(pen, tokens, scene);
  const name = (box) => `${box.kind ?? "client"} ${box.id ?? box.name}`;
  const wrong = [];
  const all = [...scene.shown.boxes, ...labels, ...scene.shown.pills];
  const sheet = { x: 6, y: 2, w: W - 12, h: H - 12 };
  for (const [at, box] of all.entries()) {
    if (!inside(box, sheet)) wrong.push(`${name(box)} is off the sheet`);
    for (const part of box.parts ?? [])
      if (!inside(extent(part, tokens), box, 1.5)) wrong.push(`${name(box)}: "${part.text}" is cut off`);
    for (const other of all.slice(at + 1)) if (over(box, other)) wrong.push(`${name(box)} is on ${name(other)}`);
    for (const { id, x, y, r } of layout.places)
      if (!(box.kind === "badge" && box.id === id) && onDisc(box, { x, y, r: r * 1.5 }))
        wrong.push(`${name(box)} is on node ${id}`);
  }
  for (const one of visible(lab.frame.messages)) {
    const path = one.quiet ? null : way(layout, scene.shown.pills, one.from, one.to);
    if (!path) continue;
    const disc = { ...path.at(progress(one, scene.now)), r: glyphSize(layout) * 0.5 };
    for (const box of labels) if (onDisc(box, disc)) wrong.push(`${name(box)} is on message ${one.id}`);
  }
  return { wrong, gone: missing(lab, scene, scale) };
}

/** Whose name, client or verdict found no room. */
function missing(lab, scene) {
  const { boxes, pills } = scene.shown;
  const gone = scene.protocol.layout === "field" && !boxes.some((box) => box.kind === "legend") ? ["legend"] : [];
  if (scene.protocol.layout !== "field")
    for (const one of lab.frame.nodes)
      if (!boxes.some((box) => box.kind === "block" && box.id === one.id)) gone.push(`name of ${one.name}`);
  for (const client of lab.frame.clients)
    if (client.state === "waiting" && !pills.some((pill) => pill.name === client.name)) gone.push(client.name);
  if (lab.frame.partition && lab.frame.quorum) {
    const sides = lab.frame.partition.filter((side) => side.some((end) => typeof end === "number"));
    const told = boxes.filter((box) => box.kind === "verdict").length;
    if (told < sides.length) gone.push("verdict");
  }
  return gone;
}

function judgeLegend(lab, { W, H, scale }) {
  const wide = (text, size) => {
    pen.font = `400 ${size}px ${readTokens().ui}`;
    return pen.measureText(text).width;
  };
  const how = { byMark: true, protocol: lab.protocol, words: lab.words };
  const { entries, foot } = arrangeLegend(W, H, how, wide, scale);
  const wrong = [];
  const radius = (Math.min(W, H - foot) * 0.94) / 2;
  for (const [at, one] of entries.entries()) {
    if (!inside(one, { x: 6, y: 2, w: W - 12, h: H - 12 })) wrong.push(`"${one.text}" is off the sheet`);
    if (onDisc(one, { x: W / 2, y: (H - foot) / 2, r: radius })) wrong.push(`"${one.text}" is on the dots`);
    for (const other of entries.slice(at + 1)) if (over(one, other)) wrong.push(`"${one.text}" is on "${other.text}"`);
  }
  return { wrong, gone: [] };
}

/** Which share of sizes, scales and languages each moment is judged at: another quarter at the next one, or all. */
export const share = { whole: false, turn: 0 };
const QUARTERS = 4;

/** Judges a lab at its share of sizes; `told` is filled. */
function everywhere(lab, sizes, where, told) {
  share.turn += 1;
  for (const [n, [W, H]] of sizes.entries())
    for (const scale of [1, 2])
      for (const lang of ["en", "zh"]) {
        if (!share.whole && (n + 2 * scale + (lang === "zh" ? 1 : 0) + share.turn) % QUARTERS) continue;
        const { wrong, gone } = judge(lab, { W, H, scale, lang });
        const at = `${where}, ${W}x${H} at ${scale * 100} % in ${lang}`;
        told.count += 1;
        told.wrong.push(...wrong.map((why) => `${at}: ${why}`));
        if (scale === 1) told.gone.push(...gone.map((what) => `${at}: no room for ${what}`));
      }
}

/** Every step of a lesson at its end, or half-way too. */
export async function lesson(id, sizes) {
  const data = await (await fetch(`/lessons/${id}.json`)).json();
  const story = makeStory(new Lesson(lessonFor(data)), catalog());
  const told = { wrong: [], gone: [], count: 0 };
  for (let n = 0; n < story.plan.steps.length; n++) {
    go(story, n, false);
    const { from, until } = story.mark;
    for (const part of share.whole ? [0.5, 1] : [1]) {
      story.lab.sim.seek(from + (until - from) * part);
      look(story.lab);
      everywhere(story.lab, sizes, `${id} ${n + 1}`, told);
    }
  }
  free(story);
  return told;
}

/** A run at some moments. */
function moments(sim, sizes, where, told, count) {
  const lab = create(sim);
  lab.lit = lab.frame.nodes.map((one) => one.id);
  const end = Math.max(sim.end, 400);
  for (let i = 1; i <= count; i++) {
    sim.seek((end * i) / count - 7);
    look(lab);
    everywhere(lab, sizes, where, told);
  }
}

/** Every ready run of a protocol. */
export function starts(id, sizes) {
  const told = { wrong: [], gone: [], count: 0 };
  for (const start of catalog().find((one) => one.id === id).starts) {
    if (Number(start.config.nodes) > 20_000) continue;
    const sim = new Simulation(start.config);
    for (const input of start.inputs) {
      sim.advance(Math.max(0, input.time - sim.now));
      sim.inject(input.text);
    }
    sim.advance(120);
    moments(sim, sizes, `${id}, ${start.id}`, told, 4);
    sim.free();
  }
  return told;
}

/** A generator of numbers from 0 to 1, always the same ones. */
function chance(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** Random inputs to a cluster of a random size. */
export function randomRuns(id, sizes, from, to) {
  const protocol = catalog().find((one) => one.id === id);
  const told = { wrong: [], gone: [], count: 0 };
  for (let seed = from; seed < to; seed++) {
    const next = chance(seed + 1);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const { groups, min, max } = protocol.nodes;
    const many = (most) => 1 + Math.floor(next() * Math.min(9, most));
    const nodes =
      protocol.nodes.max > 0 && (!groups.length || next() < 0.3)
        ? Math.max(min, Math.min(max, many(9)))
        : Object.fromEntries(groups.map((group) => [group.id, Math.max(group.min, Math.min(group.max, many(4)))]));
    const sim = new Simulation({ protocol: id, seed: String(seed + 1), nodes });
    for (let i = 0; i < 14; i++) {
      sim.advance(next() * 90);
      const offers = sim.inputs(undefined);
      try {
        const names = sim.frame(0).nodes.map((one) => one.name);
        const deed = next();
        if (deed < 0.4) sim.inject(`request ${pick(protocol.operations).example}`);
        else if (deed < 0.55 && names.length > 2) {
          const half = 1 + Math.floor(next() * (names.length - 1));
          sim.inject(`partition ${names.slice(0, half).join(" ")} | ${names.slice(half).join(" ")}`);
        } else if (offers.length) sim.inject(pick(offers).text);
      } catch {
        // What is not possible now is left out.
      }
    }
    sim.advance(60);
    moments(sim, sizes, `${id}, run ${seed}`, told, 4);
    sim.free();
  }
  return told;
}
