// Inside the page of a test: labs and stages out of the site's own modules, as they are served.
import init, { Lesson, Simulation, catalog } from "/pkg/synod.js";
import { fetchTearing } from "/more.js";
import { create, look } from "/state.js";
import { makeView } from "/view.js";
import { learn, wordsIn } from "/words.js";

export { Lesson, Simulation, catalog, create, look, makeView, wordsIn };

export async function ready() {
  await init();
  await Promise.all([learn("zh"), fetchTearing(), document.fonts.ready]);
}

/** A stage of a size, with a clock that stands unless it is moved. */
export function put(lab, { W = 800, H = 480, wish = {}, clock = { now: 0 } } = {}) {
  const view = makeView(lab, { clock: () => clock.now, ...wish });
  view.element.style.cssText = `position:absolute;left:0;top:0;width:${W}px;height:${H}px`;
  document.body.append(view.element);
  return { view, clock };
}

/** All pixels of a stage: its two layers, one after the other. */
export const pixels = (view) =>
  view.picture.canvases().map((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height));

/** How many pixels differ. */
export function differing(a, b) {
  let count = 0;
  a.forEach((image, layer) => {
    const [p, q] = [image.data, b[layer].data];
    if (p.length !== q.length) count += 1e9;
    for (let at = 0; at < p.length; at += 4)
      if (p[at] !== q[at] || p[at + 1] !== q[at + 1] || p[at + 2] !== q[at + 2] || p[at + 3] !== q[at + 3]) count += 1;
  });
  return count;
}

/** A colour at a point of a stage, as it lies under all layers. */
export function colourAt(view, x, y) {
  let [r, g, b] = [255, 255, 255];
  for (const canvas of view.picture.canvases()) {
    const density = canvas.width / canvas.clientWidth;
    const [cr, cg, cb, ca] = canvas
      .getContext("2d")
      .getImageData(Math.round(x * density), Math.round(y * density), 1, 1).data;
    const part = ca / 255;
    [r, g, b] = [cr * part + r * (1 - part), cg * part + g * (1 - part), cb * part + b * (1 - part)];
  }
  return [r, g, b].map(Math.round);
}
