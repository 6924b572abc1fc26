// Inside the page of a test: what a stage shows after something changed while time stood.
import { Simulation, catalog, colourAt, create, differing, look, pixels, put } from "./labs.mjs";

/** Some protocols need a moment in which they have something to lose. */
function moment(protocol) {
  const sim = new Simulation({ protocol: protocol.id, seed: "3" });
  sim.advance(320);
  for (const { example } of protocol.operations.slice(0, 2)) {
    try {
      sim.inject(`request ${example}`);
    } catch {
      // An operation for later.
    }
  }
  for (let i = 0; i < 600 && !sim.frame(0).messages.some((one) => !one.quiet && one.fate === "flying"); i++) sim.step();
  sim.advance(3);
  return sim;
}

/** One input of each kind that is valid now, and afterwards those that undo it. */
function deeds(sim) {
  const { nodes, messages } = sim.frame(0);
  const news = messages.find((one) => one.fate === "flying" && !one.quiet) ?? messages[0];
  const leader = nodes.find((one) => one.authority === "commands") ?? nodes[0];
  const half = Math.ceil(nodes.length / 2);
  const names = nodes.map((one) => one.name);
  const offers = [
    ...sim.inputs(leader.name),
    ...sim.inputs(nodes.at(-1).name),
    ...(news ? sim.inputs({ message: news.id }) : []),
  ];
  const kinds = new Map(offers.map((offer) => [offer.object.kind, offer.text]));
  kinds.set("crash", `crash ${leader.name}`);
  kinds.set("partition", `partition ${names.slice(0, half).join(" ")} | ${names.slice(half).join(" ")}`);
  kinds.set("cut", `cut ${names[0]} -> ${names.at(-1)}`);
  return [...kinds].map(([kind, text]) => ({
    kind,
    text,
    after: { crash: `restart ${leader.name}`, partition: "heal" }[kind],
  }));
}

const chroma = ([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b);

/** What each node must look like, by its pixels. */
function judge(view, lab) {
  const wrong = [];
  for (const place of view.layout().places) {
    const one = lab.frame.nodes.find((node) => node.id === place.id);
    const ring = [];
    for (let turn = 0; turn < 24; turn++) {
      const [c, s] = [Math.cos((turn * Math.PI) / 12), Math.sin((turn * Math.PI) / 12)];
      ring.push(colourAt(view, place.x + place.r * 0.74 * c, place.y + place.r * 0.74 * s));
    }
    if (one.status === "crashed" && ring.some((pixel) => chroma(pixel) > 26))
      wrong.push(`${one.name} is down and in colour`);
    const solid = one.status === "up" && one.authority === "commands" && one.epoch.value > 0;
    if (solid && ring.filter((pixel) => chroma(pixel) > 60).length < 20)
      wrong.push(`${one.name} commands and is not solid`);
    if (one.status === "up" && one.epoch.value > 0 && one.authority === "follows") {
      if (ring.filter((pixel) => chroma(pixel) > 60).length > 6) wrong.push(`${one.name} follows and is solid`);
    }
  }
  return wrong;
}

/** For every kind of input of a protocol: what differs from a fresh stage, and what is drawn wrongly. */
export function settled(id) {
  const protocol = catalog().find((one) => one.id === id);
  const told = [];
  for (const { kind, text, after } of deeds(moment(protocol))) {
    const sim = moment(protocol);
    const lab = create(sim);
    lab.playing = true;
    const { view, clock } = put(lab);
    const show = () => {
      look(lab);
      view.draw();
    };
    show();
    lab.playing = false;
    lab.stirred = clock.now;
    for (const deed of [text, after].filter(Boolean)) {
      try {
        sim.inject(deed);
      } catch (error) {
        told.push(`${deed}: ${error.message}`);
        continue;
      }
      clock.now += 1000;
      lab.stirred = clock.now;
      for (const wait of [0, 90, 200, 200]) {
        clock.now += wait;
        show();
      }
      const fresh = create(sim);
      const other = put(fresh);
      other.clock.now = clock.now;
      look(fresh);
      other.view.draw(true);
      const different = differing(pixels(view), pixels(other.view));
      if (different) told.push(`${kind}: after ${deed}, ${different} pixels are not as in a fresh stage`);
      told.push(...judge(view, lab).map((why) => `${deed}: ${why}`));
      other.view.element.remove();
    }
    view.element.remove();
  }
  return told;
}
