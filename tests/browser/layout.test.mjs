// Where nodes stand, and what is written of them: pure, without a page.

import assert from "node:assert/strict";
import test from "node:test";

import { drawnAt, progress } from "../../www/aloft.js";
import { arrangeText } from "../../www/arrange.js";
import { discOf, inside, overlap, touches } from "../../www/arrange/rects.js";
import { aheadOf } from "../../www/draw/flights.js";
import { makeMemory } from "../../www/draw/memory.js";
import { lassoAbout, outside } from "../../www/draw/more/lasso.js";
import { namesOf } from "../../www/futures/names.js";
import { distinct, grow } from "../../www/futures/tree.js";
import { arrange, clientsShown } from "../../www/layout.js";
import { pillEdge, way } from "../../www/layout/ways.js";
import { learn, speak, wordsIn } from "../../www/words.js";

const starOf = (W, H, many, scale = 1) => {
  const nodes = Array.from({ length: many + 1 }, (_, id) => ({ id, group: id === 0 ? 0 : 1 }));
  return arrange(W, H, { wish: "star", nodes, edges: new Uint32Array(), memory: makeMemory(), scale });
};

/** How far a point is from a segment. */
function away({ x, y }, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const at = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - a.x - dx * at, y - a.y - dy * at);
}

for (const many of [2, 3, 4])
  for (const [W, H] of [
    [344, 358],
    [374, 406],
    [390, 330],
    [360, 276],
  ])
    test(`on ${W} x ${H} who asks stands above its ${many}, and reaches each past the others`, () => {
      const { places } = starOf(W, H, many);
      const [asks, ...holds] = places;
      for (const one of holds) {
        assert.ok(asks.y + asks.r * 1.5 <= one.y - one.r, `${one.id} is below`);
        for (const other of holds)
          if (other !== one) assert.ok(away(other, asks, one) > other.r, `the way to ${one.id} passes ${other.id}`);
      }
      for (const one of places)
        for (const other of places)
          if (one.id < other.id) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > one.r + other.r);
    });

test("on a wide stage who asks is amid the others, and they are in the middle of the stage", () => {
  for (const many of [3, 4, 5]) {
    const { places, cy } = starOf(960, 752, many);
    const heights = places.slice(1).map((one) => one.y);
    assert.ok(Math.abs((Math.max(...heights) + Math.min(...heights)) / 2 - cy) < 1, `${many}`);
    assert.ok(places[0].y > Math.min(...heights) && places[0].y < Math.max(...heights), `${many}`);
  }
});

test("on every wide stage, those about who asks are clear of it and of each other", () => {
  for (const [W, H] of [
    [684, 285],
    [760, 300],
    [810, 384],
    [844, 300],
    [960, 752],
  ])
    for (let many = 2; many <= 9; many++) {
      const { places } = starOf(W, H, many);
      for (const one of places)
        for (const other of places) {
          const apart = Math.hypot(one.x - other.x, one.y - other.y);
          if (one.id < other.id) assert.ok(apart > one.r * 2.35, `${many} at ${W}x${H}: ${apart / one.r}`);
        }
    }
});

const formOf = (w, h) => ({ w, h, rows: [{ w, h, parts: [] }] });

test("all of a kin say equally much, where only some have room for more", () => {
  const { places } = starOf(374, 406, 4);
  const forms = [formOf(100, 140), formOf(100, 50), formOf(60, 20), formOf(40, 14)];
  // Of the four, those in the last row have room for a form that those above them have not.
  const wishes = {
    ...{ W: 374, H: 520, places, columns: false, compact: true, hollow: null },
    blocks: places.map(({ id }) => ({ id, kin: id === 0 ? "asks" : "holds", forms, beside: id === 0 })),
    ...{ pills: [], verdicts: [], badges: [], legend: null, torn: [] },
  };
  const { boxes } = arrangeText(wishes);
  const heights = boxes.filter((box) => box.kind === "block" && box.id !== 0).map((box) => box.h);
  assert.equal(heights.length, 4);
  assert.equal(new Set(heights).size, 1, String(heights));
});

test("what stands on the edge of a node touches it nowhere, whatever its place is", () => {
  for (let i = 0; i < 4000; i++) {
    const place = { id: 0, x: 100 + i / 7, y: 40 + i / 13, r: 9 + i / 311, side: 1, group: null };
    const disc = discOf(place);
    assert.ok(!touches({ x: place.x - 30, y: place.y + disc.r, w: 60, h: 20 }, disc), `below ${place.y}`);
    assert.ok(!touches({ x: place.x - 30, y: place.y - disc.r - 20, w: 60, h: 20 }, disc), `above ${place.y}`);
  }
});

const rowOf = (W, H, replicas, others) => {
  const nodes = Array.from({ length: replicas + others }, (_, id) => ({ id, group: id < replicas ? 0 : 1 }));
  return arrange(W, H, { wish: "row", nodes, edges: new Uint32Array(), memory: makeMemory(), scale: 1 });
};

test("a lasso goes about its members and about nobody else", () => {
  for (const [W, H] of [
    [374, 406],
    [844, 397],
  ]) {
    const layout = rowOf(W, H, 5, 2);
    const sets = Array.from({ length: 126 }, (_, bits) => [0, 1, 2, 3, 4, 5, 6].filter((id) => (bits + 1) & (1 << id)));
    for (const ids of sets) {
      const members = layout.places.filter((place) => ids.includes(place.id));
      const others = layout.places.filter((place) => !ids.includes(place.id));
      const { loops, ropes } = lassoAbout(members, 8, layout);
      for (const one of members)
        assert.ok(
          loops.some((loop) => outside(loop, one) < 0),
          `${ids}: ${one.id} is within`,
        );
      for (const other of others) {
        assert.ok(
          loops.every((loop) => outside(loop, other) >= other.r),
          `${ids} of ${W}: ${other.id} is without`,
        );
        for (const [x, y] of ropes.flat()) assert.ok(Math.hypot(x - other.x, y - other.y) > other.r, `${ids}: a rope`);
      }
      assert.equal(ropes.length, loops.length - 1);
    }
  }
});

test("a client is shown while its messages fly, and what flies to one that has no room leaves by the edge", () => {
  const client = (name, state, finished) => ({ name, state, finished });
  const clients = [client("C1", "ok", 100), client("C2", "waiting", null), client("C3", "failed", 100)];
  const messages = [
    { from: 0, to: "C1", fate: "flying" },
    { from: 1, to: "C3", fate: "lost" },
  ];
  assert.deepEqual(
    clientsShown({ clients, messages }, 5000, 100).map((one) => one.name),
    ["C1", "C2"],
  );
  const layout = rowOf(374, 406, 3, 2);
  for (const ends of [
    [0, "C9"],
    ["C9", 2],
  ]) {
    const path = way(layout, [], ...ends);
    const [near, far] = ends[0] === 0 ? [path.at(0), path.at(1)] : [path.at(1), path.at(0)];
    assert.ok(Math.min(far.x, far.y, 374 - far.x, 406 - far.y) < 16 && near.y > 16, JSON.stringify([near, far]));
  }
});

test("who speaks to many stands clear of their names", () => {
  const layout = rowOf(374, 406, 3, 2);
  const wishes = {
    ...{ W: 374, H: 406, places: layout.places, columns: false, compact: true, hollow: null },
    blocks: layout.places.map(({ id }) => ({ id, kin: id < 3 ? "a" : "b", forms: [formOf(80, 22)], beside: false })),
    pills: [{ name: "C1", node: 2, corner: 0, wide: true, forms: [formOf(140, 40)] }],
    ...{ verdicts: [], badges: [], legend: null, torn: [] },
  };
  const { boxes, pills } = arrangeText(wishes);
  const [pill] = pills;
  for (const box of boxes) assert.ok(!overlap(pill, box, 8), `${box.id} has room beside the client`);
  for (const place of layout.places.slice(0, 3))
    for (const box of boxes)
      assert.equal(inside(pillEdge(pill, place), place, box), null, `what flies to ${place.id} is not over ${box.id}`);
});

/** A future of inputs such as "446 crash A". */
const future = (id, end, ...lines) => {
  const input = (line) => {
    const [time, kind, ...rest] = line.split(" ");
    return { time: Number(time), kind, text: [kind, ...rest].join(" ") };
  };
  return { id, end, inputs: lines.map(input) };
};
const past = ["214 crash E", "330 restart E"];
const cut = future(2, 742, ...past, "446 partition A B | C D E");
const crash = future(0, 690, ...past, "446 crash A");
const mend = future(1, 780, ...past, "446 partition A B | C D E", "655 heal");

test("where nothing moves, no message of a line covers another, and those that arrive first are ahead", () => {
  const flight = (id, arrives, from = 0) => ({ id, from, to: 1, sent: 0, arrives, fate: "flying", ended: null });
  const messages = [flight(1, 20), flight(2, 20), flight(3, 10), flight(4, 10, 2)];
  const at = (reduced) => messages.map((one) => drawnAt(one, { reduced, frame: { messages } }, 5));
  assert.deepEqual(at(true), [0.5, 0.25, 0.75, 0.5]);
  assert.deepEqual(
    at(false),
    messages.map((one) => progress(one, 5)),
  );
});

test("a future leaves the one that it parts from last, and no two lines of the tree cross", () => {
  const limb = (one) => `${one.future.id} leaves ${one.from.id} at ${one.at}`;
  assert.deepEqual(grow(cut, [mend, crash]).limbs.map(limb), ["1 leaves 2 at 655", "0 leaves 2 at 446"]);
  assert.deepEqual(grow(crash, [cut, mend]).limbs.map(limb), ["2 leaves 0 at 446", "1 leaves 2 at 655"]);
  // What was left alone parts where the present one goes on by an input.
  const alone = future(3, 500, ...past);
  assert.deepEqual(grow(cut, [alone]).limbs.map(limb), ["3 leaves 2 at 446"]);
  const many = Array.from({ length: 63 }, (_, n) => future(10 + n, 900, ...past, `${500 - n} crash A`));
  const grown = grow(cut, many, { most: 3, wanted: [12] });
  assert.equal(grown.hidden, 60);
  assert.ok(grown.limbs.some(({ future }) => future.id === 12));
  assert.deepEqual(
    grown.limbs.map(({ row }) => row),
    [1, 2, 3],
  );
  // What goes down past other lines goes down before they begin.
  for (const limb of grow(cut, many).limbs) {
    const above = grow(cut, many).limbs.find((one) => one.future === limb.from)?.row ?? 0;
    const between = grow(cut, many).limbs.filter(({ row }) => row > above && row < limb.row);
    assert.ok(
      between.every(({ at }) => at >= limb.at),
      `${limb.future.id}`,
    );
  }
});

test("what is a part of another future has no line of its own", () => {
  const begun = future(4, 400, ...past);
  const again = future(5, 500, ...past, "446 crash A");
  assert.deepEqual(
    distinct(cut, [begun, crash, again, mend]).map(({ id }) => id),
    [1, 0],
  );
  assert.deepEqual(distinct(cut, [future(6, 900, ...past, "446 partition A B | C D E")]), []);
});

test("futures are called by their inputs, in both languages", async () => {
  globalThis.document ??= { documentElement: {} };
  await speak("en", ["site", "lab"]);
  await learn("zh");
  const named = (lang, ...all) => [...namesOf(wordsIn(lang), { seconds: false }, ...all).values()];
  assert.deepEqual(named("en", cut, [mend, crash]), ["cut A B", "cut A B, then mend", "crash A instead"]);
  assert.deepEqual(named("zh", cut, [mend, crash]), ["分区 A B", "分区 A B，再恢复", "改为 A 宕机"]);
  const long = future(5, 900, ...past, "446 crash A", "500 crash B", "600 crash C");
  assert.deepEqual(named("en", cut, [long]), ["cut A B", "crash A, then 2 more"]);
  const alone = named("en", cut, [future(6, 900, ...past), future(7, 900, past[0])]);
  assert.deepEqual(alone, ["restart E, then cut A B", "restart E, then left alone", "left alone"]);
  // Where two would have one name, each says when.
  const twice = named("en", cut, [crash, future(6, 900, ...past, "500 crash A")]);
  assert.deepEqual(twice, ["cut A B", "crash A instead at 446 ms", "crash A instead at 500 ms"]);
});

test("the cross of what was lost stands clear of words", () => {
  const [path, at] = [
    { ux: 1, uy: 0 },
    { x: 100, y: 50 },
  ];
  const ahead = (...boxes) => aheadOf({ shown: { boxes, pills: [] } }, path, at, 20);
  assert.equal(ahead(), 14);
  const words = { x: 108, y: 40, w: 60, h: 20 };
  const n = ahead(words);
  assert.ok(n < 0 && !touches(words, { x: 100 + n, y: 50, r: 8 }), `${n}`);
});
