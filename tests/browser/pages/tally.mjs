// Inside the page of a test: tallies on rims, and messages that were moved on their way.
import { Lesson, Simulation, catalog, colourAt, create, look, put } from "./labs.mjs";
import { messageAt } from "/hit.js";
import { lessonFor } from "/said.js";
import { go, makeStory } from "/story.js";

/** How many segments of a node's rim are thick. */
function segments(view, lab, name, of) {
  const { id } = lab.frame.nodes.find((one) => one.name === name);
  const place = view.layout().places.find((one) => one.id === id);
  const far = place.r + (18 + 2.5) * (place.r / 44);
  let thick = 0;
  for (let i = 0; i < of; i++) {
    const turn = -Math.PI / 2 + ((i + 0.5) * 2 * Math.PI) / of;
    const [r, g, b] = colourAt(view, place.x + far * Math.cos(turn), place.y + far * Math.sin(turn));
    if (Math.max(r, g, b) - Math.min(r, g, b) > 60) thick += 1;
  }
  return thick;
}

/** At the end of the step in which votes are won, and at the end of the next. */
export async function inLesson() {
  const data = await (await fetch("/lessons/raft/elect.json")).json();
  const story = makeStory(new Lesson(lessonFor(data)), catalog());
  const { view } = put(story.lab, { W: 900, H: 700 });
  const counts = [4, 5].map((n) => {
    go(story, n, false);
    look(story.lab);
    view.draw(true);
    return segments(view, story.lab, "A", 5);
  });
  view.element.remove();
  return counts;
}

/** In the lab: just after it was won, when its afterglow is over, and while time stands; with what the frame has. */
export function inLab() {
  const sim = new Simulation({ protocol: "raft", seed: "3" });
  sim.runUntil({ role: "leader" }, 1000);
  const lab = create(sim);
  const { id, name } = sim.frame(0).nodes.find((one) => one.role === "leader");
  const { view } = put(lab, { W: 900, H: 700 });
  const node = () => sim.frame(0).nodes.find((one) => one.id === id);
  const seen = (playing) => {
    [lab.playing, lab.settled] = [playing, !playing];
    look(lab);
    view.draw();
    return [segments(view, lab, name, 5), node().tally?.have.length ?? 0, node().won.have.length];
  };
  sim.advance(5);
  const told = { glows: seen(true), stands: seen(false) };
  // Its afterglow lasts 37.5 ms at the opening pace.
  while (sim.now - node().won.time < 40) sim.advance(1);
  told.over = seen(true);
  view.element.remove();
  return told;
}

/** How far a message jumps when it is delayed, held, and when time goes on a little. */
export function jumps() {
  const sim = new Simulation({ protocol: "raft", seed: "3" });
  sim.runUntil({ role: "leader" }, 1000);
  sim.inject("request set x 5");
  for (let i = 0; i < 400; i++) {
    if (sim.frame(0).messages.some((one) => one.tone === "carry" && typeof one.to === "number")) break;
    sim.step();
  }
  sim.advance(6);
  const lab = create(sim);
  const { view } = put(lab);
  const { id } = sim.frame(0).messages.find((one) => one.tone === "carry" && one.fate === "flying");
  const at = () => {
    look(lab);
    view.draw();
    return messageAt(lab, view.layout(), id);
  };
  const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const start = at();
  sim.inject(`delay #${id} 40ms`);
  const delayed = at();
  sim.advance(10);
  const later = at();
  sim.inject(`hold #${id}`);
  const held = at();
  view.element.remove();
  return { delayed: far(start, delayed), later: far(delayed, later), held: far(later, held) };
}
