// The speaker's notes of a lesson that is presented in another window: the two keep in step, whichever is turned.

import { h, setText } from "./dom.js";
import { addressWords } from "./link.js";
import { channelOf, tell } from "./present/say.js";
import { settle } from "./shell.js";

/** @import { Notes } from "./present/notes.js" */

/** Keys that turn the deck from here. */
const TURNS = ["ArrowRight", "ArrowLeft", "PageDown", "PageUp", " ", "b", "B"];

main();

async function main() {
  await settle([]);
  document.title = `${tell("notes")} · Synod`;
  const channel = channelOf(addressWords().get("lesson") ?? "");
  const title = h("h1", {}, tell("notes"));
  const place = h("span", {});
  const clock = h("time", {});
  const parts = h("div", { class: "parts", "aria-live": "polite" }, h("p", {}, tell("notes-wait")));
  document.getElementById("app")?.replaceChildren(h("header", {}, place, clock), h("main", {}, title, parts));
  channel.onmessage = ({ data }) => {
    if (data.notes) show(data.notes);
    if (data.gone) parts.replaceChildren(h("p", {}, tell("notes-gone")));
  };
  channel.postMessage({ hello: true });

  /** @param {Notes} notes */
  function show(notes) {
    setText(title, notes.title);
    setText(place, notes.place);
    const section = (/** @type {Notes["parts"][number]} */ { head, lines }) =>
      h("section", {}, h("h2", {}, head), ...lines.map((line) => h("p", {}, line)));
    parts.replaceChildren(...notes.parts.map(section));
  }

  document.addEventListener("keydown", (event) => {
    if (!TURNS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    channel.postMessage({ key: event.key });
  });
  const began = Date.now();
  setInterval(() => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    setText(clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }, 500);
}
