// A lesson as a deck for a class: it fills the screen, is turned by keys alone, and its notes are in another window.

import { h, setText } from "../dom.js";
import { styled } from "../shell.js";
import { listen } from "../state.js";
import { answer, back, comeBack, forward, rightOf } from "../story.js";
import { language, read } from "../words.js";
import { makeHandout } from "./handout.js";
import { notesOf } from "./notes.js";
import { channelOf, tell } from "./say.js";

/**
 * @import { Story } from "../story.js"
 * @import { View } from "../view.js"
 * @typedef {{ story: Story, view: View, foot: HTMLElement, blank: HTMLElement, channel: BroadcastChannel,
 *   over: AbortController, told: string, busy: boolean, opened: number, left: () => void }} Deck
 *   `told` is what the notes know; while it is `busy`, steps are gone through for the handout; `opened` is when the
 *   window of the notes was
 */

/** In which time after a window was opened the screen may be lost to it, in ms. */
const OPENS = 3000;
/** Keys that turn the deck. */
const TURNS = /^(Arrow|Page|Enter| )/;
/** So long the keys are told, in ms. */
const KEYS_STAY = 8000;
/** What the page wears while it is a deck. */
export const WORN = "presented";

/** @type {Promise<unknown> | null} */
let sheet = null;

/** @param {Story} story @param {View} view @param {() => void} left what is done when the deck is left */
export async function present(story, view, left) {
  sheet ??= styled("present.css");
  await sheet;
  const place = h("span", { class: "deck-place" });
  const keys = h("span", { class: "deck-keys" }, tell("keys"));
  const foot = h("div", { class: "deck-foot" }, keys, place);
  const blank = h("div", { class: "deck-blank", role: "status", hidden: true }, tell("blank"));
  const channel = channelOf(story.plan.id);
  const over = new AbortController();
  /** @type {Deck} */
  const deck = { story, view, foot, blank, channel, over, told: "", busy: false, opened: -OPENS, left };
  document.documentElement.classList.add(WORN);
  document.body.append(foot, blank);
  comeBack(story);
  fill();
  setTimeout(() => keys.remove(), KEYS_STAY);
  const { signal } = over;
  document.addEventListener("keydown", (event) => onKey(deck, event), { capture: true, signal });
  document.addEventListener("fullscreenchange", () => shrunk(deck), { signal });
  channel.onmessage = ({ data }) => {
    if (data.hello) deck.told = "";
    if (data.key) act(deck, data.key);
    follow(deck);
  };
  window.addEventListener("beforeprint", () => print(deck), { signal });
  window.addEventListener("pagehide", () => channel.postMessage({ gone: true }), { signal });
  listen(story.lab, () => requestAnimationFrame(() => follow(deck)));
  follow(deck);
}

/** The whole screen, if the browser gives it: without a press of the reader's it does not. */
function fill() {
  if (!document.fullscreenElement) document.documentElement.requestFullscreen?.().catch(() => {});
}

/**
 * Escape gives the screen back without the page hearing of the key: then the deck is left. A new window does so too.
 * @param {Deck} deck
 */
function shrunk(deck) {
  if (!document.fullscreenElement && performance.now() - deck.opened > OPENS) leave(deck);
}

/** @param {Deck} deck @param {KeyboardEvent} event */
function onKey(deck, event) {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target instanceof Element && target.closest("dialog,.term-card,input,select")) return;
  if (!act(deck, event.key)) return;
  if (TURNS.test(event.key)) fill();
  event.preventDefault();
  event.stopPropagation();
}

/** True if the key means something here. @param {Deck} deck @param {string} key */
function act(deck, key) {
  const { story, blank } = deck;
  const dark = !blank.hidden;
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case "ArrowRight":
    case "PageDown":
    case "Enter":
    case " ":
      if (!dark) forward(story);
      blank.hidden = true;
      return true;
    case "ArrowLeft":
    case "PageUp":
      if (!dark) back(story);
      blank.hidden = true;
      return true;
    case "b":
      blank.hidden = dark;
      return true;
    case "n":
      openNotes(deck);
      return true;
    case "p":
      window.print();
      return true;
    case "Escape":
      leave(deck);
      return true;
  }
  const chosen = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
  if (!story.plan.steps[story.step].ask?.answers[chosen]) return false;
  answer(story, chosen);
  return true;
}

/** @param {Deck} deck */
function openNotes(deck) {
  const { story, channel } = deck;
  deck.opened = performance.now();
  const at = `notes.html#lesson=${story.plan.id}&lang=${language()}`;
  const opened = window.open(at, "synod-notes", "popup,width=720,height=720");
  if (!opened) story.lab.told(tell("no-notes"), true);
  channel.postMessage({ again: true });
}

/** What the foot and the notes say of the step, where it is another now. @param {Deck} deck */
function follow(deck) {
  const { story, foot, channel, over } = deck;
  const { step, plan, lab, run } = story;
  if (over.signal.aborted || deck.busy) return;
  const still = !lab.playing;
  const key = [step, still, language()].join();
  if (key === deck.told) return;
  deck.told = key;
  const { place } = notesOf(story, null);
  setText(/** @type {Element} */ (foot.lastElementChild), `${read(plan.title)} · ${place}`);
  const right = still && plan.steps[step].ask ? rightOf(story, run.now) : undefined;
  channel.postMessage({ notes: notesOf(story, right ?? null) });
}

/** The handout takes the page's place on paper, which is white whatever the theme. @param {Deck} deck */
function print(deck) {
  const { story, view } = deck;
  const root = document.documentElement;
  const { theme = "light" } = root.dataset;
  root.dataset.theme = "light";
  deck.busy = true;
  const handout = makeHandout(story, view, location.href.replace(/&present\b/, ""));
  document.body.append(handout);
  const over = () => {
    handout.remove();
    root.dataset.theme = theme;
    view.draw(true);
    deck.busy = false;
  };
  window.addEventListener("afterprint", over, { once: true });
}

/** @param {Deck} deck */
function leave({ foot, blank, channel, over, left }) {
  if (over.signal.aborted) return;
  over.abort();
  channel.postMessage({ gone: true });
  channel.close();
  foot.remove();
  blank.remove();
  document.documentElement.classList.remove(WORN);
  if (document.fullscreenElement) document.exitFullscreen();
  left();
}
