// The canvas, mirrored as buttons for keyboards and screen readers: every node, and every message
// that is news.

import { h } from "./dom.js";
import { clientAt, messageAt } from "./hit.js";
import { extraOf } from "./more.js";
import { openMenu } from "./menu.js";
import { onScreen } from "./stage.js";
import { changed } from "./state.js";
import { clientLines } from "./tell.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Target } from "./draw/stage.js"
 * @import { NodeFrame } from "./pkg/synod.js"
 * @typedef {ReturnType<typeof buildMirror>} Mirror
 */

const MESSAGES = 24;

/**
 * @param {Lab} lab @param {HTMLCanvasElement} canvas @param {() => Layout} layout
 * @param {(target: Target | null) => void} tell shows what can be said of a target
 */
export function buildMirror(lab, canvas, layout, tell) {
  // What stands on the stage beside nodes and messages: sets, terms, places.
  const around = h("ul", { class: "seen-not", hidden: true });
  const element = h("div", { class: "mirror", role: "group" }, around);
  /** @type {Map<string, HTMLButtonElement>} */
  const buttons = new Map();
  const button = (/** @type {string} */ key, /** @type {Target} */ target) => {
    const made = h("button", {
      type: "button",
      "aria-haspopup": "menu",
      "data-target": key,
      onfocus: () => {
        lab.focus = target;
        if (made.matches(":focus-visible")) tell(target);
        changed(lab);
      },
      onblur: () => tell(null),
      onclick: () => {
        const { x, y } = onScreen(lab, layout(), canvas, target);
        openMenu(lab, target, x, y);
      },
    });
    buttons.set(key, made);
    element.append(made);
    return made;
  };
  let told = "";
  const update = () => {
    const { read, say } = lab.words;
    element.setAttribute("aria-label", say("stage"));
    const lines = lab.playing
      ? null
      : (extraOf(lab, () => changed(lab))?.tellStage(lab.words, lab.frame, lab.protocol) ?? []);
    if (lines && lines.join("\n") !== told) {
      told = lines.join("\n");
      around.hidden = !lines.length;
      around.replaceChildren(...lines.map((words) => h("li", {}, words)));
    }
    const news = lab.playing
      ? []
      : lab.frame.messages.filter((one) => !one.quiet && one.fate !== "lost").slice(0, MESSAGES);
    const keys = new Set();
    for (const one of lab.frame.nodes) {
      const key = one.name;
      keys.add(key);
      put(
        buttons.get(key) ?? button(key, { node: one.id }),
        spoken(lab, one),
        layout().places.find((place) => place.id === one.id),
      );
    }
    for (const one of news) {
      const key = `#${one.id}`;
      keys.add(key);
      put(
        buttons.get(key) ?? button(key, { message: one.id }),
        `${key}: ${read(one.says)}`,
        messageAt(lab, layout(), one.id),
      );
    }
    for (const { name } of layout().memory.text.shown.pills) {
      const key = `client ${name}`;
      keys.add(key);
      const said = [name, ...clientLines(lab, name).slice(0, 1)].join(lab.words.lang === "zh" ? "：" : ": ");
      put(buttons.get(key) ?? button(key, { client: name }), said, clientAt(layout(), name));
    }
    for (const [key, made] of buttons) {
      if (keys.has(key)) continue;
      made.remove();
      buttons.delete(key);
    }
  };
  return { element, update, focus: (/** @type {string} */ key) => buttons.get(key)?.focus({ preventScroll: true }) };
}

/** @param {HTMLButtonElement} button @param {string} words @param {{ x: number, y: number } | undefined | null} at */
function put(button, words, at) {
  if (button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
  if (!at) return;
  button.style.left = `${Math.round(at.x - 22)}px`;
  button.style.top = `${Math.round(at.y - 22)}px`;
}

/** A node in one line, for those who do not see the stage. @param {Lab} lab @param {NodeFrame} one */
function spoken(lab, one) {
  const { lang, read, say } = lab.words;
  const role = lab.protocol.roles.find((role) => role.id === one.role);
  const words = [
    one.name,
    one.status === "up" ? (role ? read(role.name) : one.role) : say(one.status),
    read(lab.protocol.epoch.named).replace("{n}", String(one.epoch.value)),
  ];
  if (one.tally) words.push(say("votes", { have: one.tally.have.length, need: one.tally.need }));
  const fact = read(one.says);
  if (fact && one.status === "up") words.push(fact);
  words.push(...(extraOf(lab, () => changed(lab))?.tellNode(lab.words, one) ?? []));
  return words.join(lang === "zh" ? "，" : ", ");
}
