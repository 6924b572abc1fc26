// Inside the page of a test: stages that share nothing, drawn in turn.
import { Simulation, create, differing, look, pixels, put, wordsIn } from "./labs.mjs";
import { readTokens } from "/draw/tokens.js";

/** Colours of a theme, wherever the page stands. */
function dressed(theme) {
  const root = document.documentElement;
  const before = root.dataset.theme;
  root.dataset.theme = theme;
  const tokens = readTokens();
  root.dataset.theme = before ?? "";
  return tokens;
}

const STAGES = [
  {
    protocol: "raft",
    lang: "en",
    theme: "light",
    W: 700,
    H: 420,
    inputs: ["request set x 5", "partition A B | C D E"],
  },
  { protocol: "paxos", lang: "zh", theme: "dark", W: 520, H: 460, inputs: ["partition P1 A1 L1 | P2 A2 A3 L2"] },
  { protocol: "raft", lang: "zh", theme: "dark", W: 700, H: 420, inputs: ["partition A C | B D E"] },
  { protocol: "gossip", lang: "en", theme: "light", W: 600, H: 420, inputs: ["request set x 1"] },
];

function stage({ protocol, lang, theme, W, H, inputs }) {
  const sim = new Simulation({ protocol, seed: "3" });
  sim.advance(300);
  for (const input of inputs) sim.inject(input);
  const lab = create(sim);
  lab.words = wordsIn(lang);
  lab.playing = true;
  return { lab, ...put(lab, { W, H, wish: { tokens: () => dressed(theme) } }) };
}

/** Lets time pass a little and draws, so many times. */
function play({ lab, view }, times) {
  for (let i = 0; i < times; i++) {
    lab.sim.advance(4);
    look(lab);
    view.draw();
  }
}

/** How far each stage is from the same one alone, and whether one says the same in another language. */
export function apart() {
  const together = STAGES.map(stage);
  for (let i = 0; i < 12; i++) for (const one of together) play(one, 1);
  const alone = (wish, at) => {
    const other = stage(wish);
    play(other, 12);
    const different = differing(pixels(together[at].view), pixels(other.view));
    other.view.element.remove();
    return different;
  };
  return { different: STAGES.map(alone), translated: alone({ ...STAGES[2], lang: "en" }, 2) };
}
