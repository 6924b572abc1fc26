// The sheet tears between the sides of a partition, wherever nodes stand.

import assert from "node:assert/strict";
import test from "node:test";

import { makeMemory } from "../../www/draw/memory.js";
import { crossing } from "../../www/draw/jag.js";
import { tears } from "../../www/draw/tear.js";
import { arrange } from "../../www/layout.js";

/** So many nodes of each group. @param {number[]} groups */
const nodesOf = (groups) =>
  groups.flatMap((many, group) => Array.from({ length: many }, () => group)).map((group, id) => ({ id, group }));

/** Every way to part so many nodes into two, or a hundred of them. @param {number} many */
function* partitions(many) {
  const all = 2 ** (many - 1) - 1;
  for (let i = 1; i <= all; i += Math.max(1, Math.floor(all / 100))) yield (/** @type {number} */ id) => (i >> id) & 1;
}

/** @type {[string, number[]][]} */
const WISHES = [
  ["star", [1, 2]],
  ["star", [1, 3]],
  ["star", [1, 4]],
  ["star", [1, 9]],
  ["columns", [2, 3, 2]],
  ["columns", [1, 5, 2]],
  ["ring", [3]],
  ["ring", [5]],
  ["ring", [9]],
];

for (const [wish, groups] of WISHES)
  for (const [W, H] of [
    [1040, 480],
    [390, 420],
  ])
    test(`${wish} of ${groups.join(" and ")} at ${W} x ${H}`, () => {
      const nodes = wish === "ring" ? nodesOf(groups).map((one) => ({ ...one, group: null })) : nodesOf(groups);
      const layout = arrange(W, H, { wish, nodes, edges: new Uint32Array(), memory: makeMemory(), scale: 1 });
      for (const side of partitions(nodes.length)) {
        const torn = tears(layout, side);
        const { places } = layout;
        const apart = places.flatMap((a) => places.map((b) => [a, b]));
        for (const [a, b] of apart.filter(([a, b]) => side(a.id) !== side(b.id))) {
          const cut = torn.some((path) => crossing([a.x, a.y], [b.x, b.y], path) !== null);
          assert.ok(cut, `nothing between ${a.id} and ${b.id}: ${nodes.map(({ id }) => side(id))}`);
        }
        for (const { id, x, y, r } of places)
          for (const [px, py] of torn.flat())
            assert.ok(
              Math.hypot(px - x, py - y) > r * 0.9,
              `a tear goes through ${id}: ${places.map((n) => side(n.id))}`,
            );
      }
    });
