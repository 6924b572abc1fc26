// The command line: the grammar of inputs with completion, and "run until".

import { h, setText } from "./dom.js";
import { inject, runUntil } from "./acts.js";
import { language, read, say } from "./words.js";

/** @import { Lab } from "./state.js" */

const SHOWN = 8;

/** @param {Lab} lab */
export function buildCommand(lab) {
  let at = -1;
  const list = h("ul", { class: "offers", role: "listbox", id: "offers", hidden: true });
  const refused = h("div", { class: "refused", role: "alert" });
  const input = h("input", {
    type: "text",
    id: "command",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "offers",
    "aria-autocomplete": "list",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 400,
    oninput: () => suggest(),
    onfocus: () => suggest(),
    onblur: () => setTimeout(hide, 120),
    onkeydown: (/** @type {KeyboardEvent} */ event) => key(event),
  });
  const hide = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const run = (/** @type {string} */ text) => {
    setText(refused, "");
    if (doAll(lab, text, (why) => setText(refused, why))) input.value = "";
    hide();
  };
  const suggest = () => {
    setText(refused, "");
    const typed = input.value.trimStart();
    const offers = lab.sim
      .inputs(undefined)
      .filter((offer) => offer.text.startsWith(typed) && offer.text !== typed)
      .slice(0, SHOWN);
    at = -1;
    list.replaceChildren(
      ...offers.map((offer, i) =>
        h(
          "li",
          {
            role: "option",
            id: `offer-${i}`,
            "aria-selected": "false",
            onpointerdown: (/** @type {Event} */ event) => {
              event.preventDefault();
              input.value = offer.text;
              run(offer.text);
            },
          },
          offer.text,
          h("span", {}, read(offer.label)),
        ),
      ),
    );
    list.hidden = !offers.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const choose = (/** @type {number} */ next) => {
    const options = [...list.children];
    if (!options.length) return;
    at = (next + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    options[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `offer-${at}`);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1));
    } else if ((event.key === "Tab" && !event.shiftKey && input.value) || (event.key === "Enter" && at >= 0)) {
      const option = list.children[Math.max(0, at)];
      if (list.hidden || !option?.firstChild) return;
      event.preventDefault();
      input.value = option.firstChild.textContent ?? "";
      suggest();
    } else if (event.key === "Enter" && input.value.trim()) run(input.value.trim());
    else if (event.key === "Escape") {
      hide();
      input.blur();
    }
  };
  const until = untilSelect(lab);
  const element = h(
    "div",
    {},
    h(
      "div",
      { class: "line" },
      h("label", { class: "field" }, h("span", { "aria-hidden": "true" }, "›"), input),
      until.element,
      list,
    ),
    refused,
  );
  return {
    element,
    focus: () => input.focus(),
    update: () => {
      input.placeholder = say("command-hint", {
        node: lab.frame.nodes[0]?.name ?? "A",
        operation: lab.protocol.operations[0]?.example ?? "",
      });
      input.setAttribute("aria-label", say("command"));
      list.setAttribute("aria-label", say("suggestions"));
      until.update();
    },
  };
}

/** Between two inputs of one line. */
const BETWEEN = /\s*[,;，；]\s*/;

/** Does what was typed: an input, or several with commas between. The first that is refused ends it. @param {Lab} lab @param {string} text @param {(why: string) => void} refuse */
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
