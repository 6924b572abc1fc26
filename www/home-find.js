// "Find a lesson": a field that filters every lesson, opened by its button or by `/`.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { language, read, say } from "./words.js";

/**
 * @import { Both } from "./home.js"
 * @typedef {{ id: string, title: Both, summary: Both, course: Both }} Entry
 */

/** Every word of the query is somewhere in the lesson, in either language. @param {Entry} one @param {string} query */
function fits(one, query) {
  const text = [one.title, one.summary, one.course].flatMap((both) => [both.en, both.zh]);
  const all = [...text, one.id].join(" ").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** What was asked for stands first where a title begins with it. @param {Entry[]} all @param {string} query */
export function matching(all, query) {
  const wish = query.trim();
  const found = all.filter((one) => fits(one, wish));
  const rank = (/** @type {Entry} */ one) => {
    const titles = [one.title.en, one.title.zh].map((title) => title.toLowerCase());
    if (titles.some((title) => title.startsWith(wish.toLowerCase()))) return 0;
    return titles.some((title) => title.includes(wish.toLowerCase())) ? 1 : 2;
  };
  return wish ? found.sort((a, b) => rank(a) - rank(b)) : found;
}

/** Whether text is being typed somewhere. @param {EventTarget | null} target */
const typing = (target) =>
  target instanceof HTMLElement && (target.matches("input, select, textarea") || target.isContentEditable);

function buildDialog() {
  const field = h("input", {
    type: "text",
    id: "find-field",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-controls": "find-list",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
  });
  const list = h("div", { id: "find-list", role: "listbox" });
  const none = h("p", { class: "none", role: "status" });
  const shut = h("button", { class: "ib", type: "button", onclick: () => dialog.close() }, icon("broken"));
  const dialog = h("dialog", { class: "find", id: "find" }, h("div", { class: "find-head" }, field, shut), list, none);
  return { dialog, field, list, none, shut };
}

/** @param {Entry[]} all */
export function buildFind(all) {
  const { dialog, field, list, none, shut } = buildDialog();
  /** @type {Entry[]} */
  let found = [];
  let chosen = 0;
  const href = (/** @type {Entry} */ one) => `lesson.html#lesson=${one.id}&lang=${language()}`;
  const mark = () => {
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    const option = list.children[chosen];
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const fill = () => {
    found = matching(all, field.value);
    chosen = 0;
    list.replaceChildren(
      ...found.map((one, i) =>
        h(
          "a",
          { role: "option", id: `find-${i}`, href: href(one), tabindex: "-1" },
          h("b", {}, read(one.title)),
          h("small", {}, read(one.course)),
          h("span", {}, read(one.summary)),
        ),
      ),
    );
    list.hidden = !found.length;
    none.textContent = found.length ? "" : say("home-find-none");
    mark();
  };
  const go = (/** @type {Entry | undefined} */ one) => {
    if (one) location.href = href(one);
  };
  const open = () => {
    if (dialog.open) return;
    field.value = "";
    fill();
    dialog.showModal();
    field.focus();
  };
  field.addEventListener("input", fill);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (to !== undefined && found.length) {
      chosen = (to + found.length) % found.length;
      mark();
    } else if (event.key === "Enter") go(found[chosen]);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    event.preventDefault();
    open();
  });
  const button = h(
    "button",
    { class: "find-open", type: "button", id: "find-open", "aria-haspopup": "dialog", onclick: open },
    h("span", { "data-word": "home-find" }),
    h("kbd", { "aria-hidden": "true" }, "/"),
  );
  const redress = () => {
    for (const one of [dialog, field, list]) one.setAttribute("aria-label", say("home-find"));
    field.placeholder = say("home-find");
    shut.setAttribute("aria-label", say("close"));
    if (dialog.open) fill();
  };
  return { dialog, button, redress };
}
