// The command line: the grammar of inputs with completion, and "run until".

import { h, setText } from "./dom.js";
import { inject, runUntil } from "./acts.js";
import { language, read, say } from "./words.js";

/** @import { Lab } from "./state.js" */

const SHOWN = 8;

/**
 * What is possible now, below the line that is typed in.
 * @param {HTMLInputElement} input
 * @param {(text: string) => void} run
 */
function buildOffers(input, run) {
  let at = -1;
  const list = h("ul", { class: "offers", role: "listbox", id: "offers", hidden: true });
  const hide = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const item = (/** @type {{ text: string, label: { en: string, zh: string } }} */ offer, /** @type {number} */ n) => {
    const take = (/** @type {Event} */ event) => {
      event.preventDefault();
      input.value = offer.text;
      run(offer.text);
    };
    const props = { role: "option", id: `offer-${n}`, "aria-selected": "false", onpointerdown: take };
    return h("li", props, offer.text, h("span", {}, read(offer.label)));
  };
  return {
    list,
    hide,
    chosen: () => at,
    /** @param {{ text: string, label: { en: string, zh: string } }[]} offers */
    show: (offers) => {
      at = -1;
      list.replaceChildren(...offers.map(item));
      list.hidden = !offers.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    },
    /** @param {number} by */
    walk: (by) => {
      const options = [...list.children];
      if (!options.length) return;
      at = ((at < 0 && by < 0 ? 0 : at) + by + options.length) % options.length;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", `offer-${at}`);
    },
    text: () => (list.hidden ? null : (list.children[Math.max(0, at)]?.firstChild?.textContent ?? null)),
  };
}

/** @param {Lab} lab */
export function buildCommand(lab) {
  const refused = h("div", { class: "refused", role: "alert" });
  const combobox = {
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "offers",
    "aria-autocomplete": "list",
  };
  const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 400 };
  const input = h("input", { type: "text", id: "command", ...combobox, ...plain });
  const run = (/** @type {string} */ text) => {
    setText(refused, "");
    if (doAll(lab, text, (why) => setText(refused, why))) input.value = "";
    offers.hide();
  };
  const offers = buildOffers(input, run);
  const suggest = () => {
    setText(refused, "");
    const typed = input.value.trimStart();
    const fits = (/** @type {{ text: string }} */ offer) => offer.text.startsWith(typed) && offer.text !== typed;
    offers.show(lab.sim.inputs(undefined).filter(fits).slice(0, SHOWN));
  };
  input.addEventListener("input", suggest);
  input.addEventListener("focus", suggest);
  input.addEventListener("blur", () => setTimeout(offers.hide, 120));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const completes = event.key === "Tab" && !event.shiftKey && input.value;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      offers.walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (completes || (event.key === "Enter" && offers.chosen() >= 0)) {
      const text = offers.text();
      if (text === null) return;
      event.preventDefault();
      input.value = text;
      suggest();
    } else if (event.key === "Enter" && input.value.trim()) run(input.value.trim());
    else if (event.key === "Escape") {
      offers.hide();
      input.blur();
    }
  });
  const until = untilSelect(lab);
  const field = h("label", { class: "field" }, h("span", { "aria-hidden": "true" }, "›"), input);
  const element = h("div", {}, h("div", { class: "line" }, field, until.element, offers.list), refused);
  return {
    element,
    focus: () => input.focus(),
    update: () => {
      input.placeholder = say("command-hint", { node: lab.frame.nodes[0]?.name ?? "A" });
      input.setAttribute("aria-label", say("command"));
      offers.list.setAttribute("aria-label", say("suggestions"));
      until.update();
    },
  };
}

/** Between two inputs of one line. */
const BETWEEN = /\s*[,;\uff0c\uff1b]\s*/;

/**
 * Does what was typed: an input, or several with commas between. The first that is refused ends it.
 * @param {Lab} lab
 * @param {string} text
 * @param {(why: string) => void} refuse
 */
function doAll(lab, text, refuse) {
  const all = text.split(BETWEEN).filter(Boolean);
  return all.every((one) => inject(lab, one, (why) => refuse(all.length > 1 ? `${one}: ${why}` : why)));
}

/** @param {Lab} lab */
function untilSelect(lab) {
  const select = h("select", {
    id: "until",
    onchange: () => {
      const [kind, id] = select.value.split(" ");
      select.value = "";
      if (kind === "role") runUntil(lab, { role: id });
      else if (kind === "rule") runUntil(lab, { rule: id });
      else if (kind === "violation") runUntil(lab, { violation: true });
    },
  });
  let before = "";
  return {
    element: select,
    update: () => {
      const key = lab.protocol.id + language();
      if (key === before) return;
      before = key;
      const option = (/** @type {string} */ value, /** @type {string} */ words) => h("option", { value }, words);
      const leads = lab.protocol.roles.filter((role) => role.authority === "commands");
      select.setAttribute("aria-label", say("run-until"));
      select.replaceChildren(
        option("", say("until-nothing")),
        ...leads.map((role) => option(`role ${role.id}`, say("until-role", { name: read(role.name) }))),
        option("violation", say("until-violation")),
        ...lab.protocol.rules.map((rule) => option(`rule ${rule.id}`, say("until-rule", { title: read(rule.title) }))),
      );
    },
  };
}
