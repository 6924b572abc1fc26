// Where nodes stand, and what is written of them: pure, without a page.

import assert from "node:assert/strict";
import test from "node:test";

import { arrangeText, discOf, touches } from "../../www/arrange.js";
import { makeMemory } from "../../www/draw/memory.js";
import { arrange } from "../../www/layout.js";

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
