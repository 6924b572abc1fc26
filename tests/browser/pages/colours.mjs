// Inside the page of a test: how far the colours of a large cluster are from one another, and what its legend names.
import { Simulation, catalog, wordsIn } from "./labs.mjs";
import { readTokens } from "/draw/tokens.js";
import { arrangeLegend, palette } from "/swarm.js";

/** Oklab, times 100. */
function oklab(rgb) {
  const [r, g, b] = [...rgb].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    100 * (0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s),
    100 * (1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s),
    100 * (0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s),
  ];
}

/** The least distance between colours that mean something else, the sheet among them, in each theme. */
export function nearest() {
  const root = document.documentElement;
  return ["light", "dark"].map((theme) => {
    root.dataset.theme = theme;
    const k = readTokens();
    const tones = palette(k, 1, false);
    const sheet = [1, 3, 5].map((at) => Number.parseInt(k.sheet.slice(at, at + 2), 16));
    // The fourth is the third where nodes are not arranged by round.
    const all = [0, 1, 2, 4, 5].map((at) => tones.subarray(at * 4, at * 4 + 3));
    let least = Infinity;
    for (const [i, a] of all.entries())
      for (const b of [sheet, ...all.slice(i + 1)]) {
        const [p, q] = [oklab(a), oklab(b)];
        least = Math.min(least, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
      }
    return least;
  });
}

/** Which colours of the palette a legend names, at a width. */
export function named(W, byMark) {
  const protocol = catalog().find((one) => one.layout === "field");
  const { entries } = arrangeLegend(
    W,
    W,
    { byMark, protocol, words: wordsIn("en") },
    (text, size) => text.length * size * 0.5,
    1,
  );
  return [...new Set(entries.flatMap((one) => one.tones))].sort();
}

/** How many pixels of an image of 100,000 nodes are of those who know, and how many know. */
export function known() {
  const sim = new Simulation({
    protocol: catalog().find((one) => one.layout === "field").id,
    nodes: 100_000,
    seed: "3",
  });
  sim.advance(20);
  sim.inject("request set x 1");
  for (let i = 0; i < 60; i++) {
    sim.swarm(false);
    if (sim.swarm(false).mark.filter((one) => one !== 65_535).length > 900) break;
    sim.advance(40);
  }
  const know = sim.swarm(false).mark.filter((one) => one !== 65_535).length;
  const tones = new Uint8Array([9, 9, 9, 255, ...Array(4).fill([200, 0, 0, 255]).flat(), 0, 0, 200, 255]);
  const image = sim.swarmImage(366, 366, tones, 65_534, 2);
  let red = 0;
  for (let at = 0; at < image.data.length; at += 4) if (image.data[at] === 200) red += 1;
  return { know, red };
}
