// The stage in a frame, with the parameters of the element in its address.

import { Lesson, catalog } from "./pkg/synod.js";
import { makeFigure } from "./figure.js";
import { asked, openAsked, rateOf } from "./link.js";
import { load } from "./load.js";
import { Missing, dress, failed, fetched, listed, recorded } from "./shell.js";
import { language, preferred, say, speak } from "./words.js";

main();

async function main() {
  const words = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
  await speak(preferred(words.get("lang")));
  dress(words.get("theme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
  window.addEventListener("hashchange", () => location.reload());
  try {
    const id = words.get("lesson");
    const data = id
      ? await fetched(`lessons/${id}.json`).catch(() => {
          throw new Missing(say("missing-lesson", { id }));
        })
      : null;
    const run = words.get("run");
    const protocol = data?.protocol ?? (run ? recorded(run) : words.get("protocol"));
    const listing = listed().find((one) => one.id === protocol) ?? listed()[0];
    const [telling] = await Promise.all([
      data && import("./telling.js"),
      load(data ? listing?.telling : listing?.module),
    ]);
    /** @type {string[]} */
    const early = [];
    const speed = words.get("speed");
    const root = /** @type {HTMLElement} */ (document.getElementById("app"));
    root.className = "synod";
    const figure = makeFigure(root, {
      ...(telling
        ? { told: { ...telling, lesson: new Lesson(data) } }
        : { run: openAsked(listed()[0].id, (why) => early.push(why)) }),
      all: catalog(),
      lang: language(),
      controls: words.get("controls") ?? "full",
      rate: speed ? rateOf(speed) : null,
      step: words.get("step"),
      play: asked().play === "1" || words.has("autoplay"),
      href: (sim, step) =>
        new URL(
          step
            ? `lesson.html#lesson=${id}&step=${step}&lang=${language()}`
            : `lab.html#run=${sim.recording()}&t=${sim.now}&lang=${language()}`,
          location.href,
        ).href,
      fire: (name, detail) =>
        window.parent !== window && window.parent.postMessage({ source: "synod", event: name, detail }, "*"),
    });
    early.forEach((why) => figure.lab.told(why, true));
    Object.assign(window, { synodFigure: figure });
  } catch (error) {
    failed(error);
  }
}
