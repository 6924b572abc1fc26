// The definition of a term, over the lesson and beside the word: everything else goes on meanwhile.

import { h } from "../dom.js";
import { language } from "../words.js";
import { sourceOf, tell, termAddress } from "./say.js";

/**
 * @import { Term, Terms } from "./find.js"
 */

/** Between a word and its card, and between the card and the edge of the screen. */
const [GAP, EDGE] = [8, 8];
/** On a page narrower than this the ways on stand at its foot. */
const NARROW = 760;

/** @param {Terms} all */
export function makeCard(all) {
  /** @type {{ card: HTMLElement, link: HTMLAnchorElement, away: AbortController } | null} */
  let open = null;

  /** @param {boolean} [back] whether the word gets the focus again */
  const close = (back = false) => {
    if (!open) return;
    const { card, link, away } = open;
    open = null;
    away.abort();
    const held = back || card.contains(document.activeElement);
    card.remove();
    link.setAttribute("aria-expanded", "false");
    if (held && link.isConnected) link.focus({ preventScroll: true });
  };

  /** @param {HTMLAnchorElement} link */
  const show = (link) => {
    const term = all.terms.find(({ id }) => id === link.getAttribute("data-term"));
    if (!term) return;
    const card = cardOf(all, term, () => close(true));
    open = { card, link, away: listen(card) };
    link.setAttribute("aria-expanded", "true");
    document.body.append(card);
    place(card, link);
    card.focus({ preventScroll: true });
  };

  /** Closes on what is beside it, and follows the word where the page scrolls. @param {HTMLElement} card */
  const listen = (card) => {
    const away = new AbortController();
    const { signal } = away;
    document.addEventListener(
      "pointerdown",
      (event) => {
        const { target } = event;
        // The word itself closes it by its click.
        const own = target instanceof Node && (card.contains(target) || open?.link.contains(target));
        if (!own) close();
      },
      { capture: true, signal },
    );
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close(true);
      },
      { capture: true, signal },
    );
    const follow = () => open && place(open.card, open.link);
    document.addEventListener("scroll", follow, { capture: true, passive: true, signal });
    window.addEventListener("resize", follow, { signal });
    return away;
  };

  return {
    /** @param {HTMLAnchorElement} link */
    toggle: (link) => {
      const same = open?.link === link;
      close(same);
      if (!same) show(link);
    },
    /** The words were written anew: where they still have the term, its card stays. @param {HTMLElement} words */
    stay: (words) => {
      if (!open || open.link.isConnected) return;
      const id = open.link.getAttribute("data-term");
      const next = [...words.querySelectorAll("a.term")].find((one) => one.getAttribute("data-term") === id);
      if (!(next instanceof HTMLAnchorElement)) return close();
      open.link = next;
      next.setAttribute("aria-expanded", "true");
      place(open.card, next);
    },
  };
}

/** @param {Terms} all @param {Term} term @param {() => void} close */
function cardOf(all, term, close) {
  const lang = language();
  const other = lang === "en" ? "zh" : "en";
  const source = sourceOf(all, term);
  const shut = h("button", { type: "button", class: "term-close", "aria-label": tell("close"), onclick: close }, "×");
  const alike = term[other][0] === term[lang][0];
  const also = alike ? null : h("span", { lang: other === "zh" ? "zh-CN" : "en" }, term[other][0]);
  return h(
    "div",
    {
      class: "term-card",
      role: "dialog",
      tabindex: "-1",
      "aria-labelledby": "term-name",
      "aria-describedby": "term-says",
    },
    h("p", { class: "term-name" }, h("b", { id: "term-name" }, term[lang][0]), also, shut),
    h("p", { class: "term-says", id: "term-says" }, term.says[lang]),
    h(
      "p",
      { class: "term-source" },
      h("cite", { title: source.full }, source.short),
      h("a", { href: termAddress(term.id) }, tell("all")),
    ),
  );
}

/** Below its word, or above it where there is no room. @param {HTMLElement} card @param {HTMLElement} link */
function place(card, link) {
  // A word may be broken over two lines: its card covers neither.
  const word = link.getBoundingClientRect();
  const [{ left } = word] = link.getClientRects();
  const ways = innerWidth < NARROW ? document.querySelector(".ways") : null;
  const floor = (ways?.getBoundingClientRect().top ?? innerHeight) - EDGE;
  const { width, height } = card.getBoundingClientRect();
  const below = word.bottom + GAP;
  const top = below + height <= floor ? below : word.top - GAP - height;
  card.style.left = `${Math.max(EDGE, Math.min(left - 14, innerWidth - width - EDGE))}px`;
  card.style.top = `${Math.max(EDGE, Math.min(top, floor - height))}px`;
}
