// One kind of dialog for all pages: a title, what it holds, and a way out of it.

import { h } from "./dom.js";
import { say } from "./words.js";

let number = 0;

/**
 * @param {{ title: string, name?: string, from?: HTMLElement | null }} wish what it is called, the class that it
 *   bears, and what has the focus after it
 * @param {...(Node | string | null)} children
 */
export function openDialog(wish, ...children) {
  const id = `dialog-${++number}`;
  const dialog = h(
    "dialog",
    {
      class: wish.name,
      "aria-labelledby": id,
      onclose: () => {
        dialog.remove();
        wish.from?.focus();
      },
      // A press beside it closes it, as Escape does.
      onclick: (/** @type {Event} */ event) => event.target === dialog && dialog.close(),
    },
    h(
      "div",
      { class: "in" },
      h(
        "div",
        { class: "hd" },
        h("h2", { id }, wish.title),
        h("button", { class: "btn quiet", type: "button", onclick: () => dialog.close() }, say("close")),
      ),
      ...children,
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
