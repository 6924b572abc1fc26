// Building the page: elements from code and text as text, never HTML from a string.

/**
 * An element with properties, attributes, listeners and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props] `class`, `on*` listeners, anything else an attribute
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** How large an element is on the screen against its own measure: slides are scaled. @param {HTMLElement} element */
export const scaleOf = (element) => element.getBoundingClientRect().width / element.offsetWidth || 1;

/**
 * Puts a fixed element at a point of the screen, also where what is around it is scaled or moved.
 * @param {HTMLElement} element
 * @param {number} x
 * @param {number} y
 */
export function putAt(element, x, y) {
  [element.style.left, element.style.top] = ["0px", "0px"];
  const [box, scale] = [element.getBoundingClientRect(), scaleOf(element)];
  const within = (/** @type {number} */ wish, /** @type {number} */ size, /** @type {number} */ room) =>
    Math.max(8, Math.min(wish, room - size - 8));
  element.style.left = `${(within(x, box.width, innerWidth) - box.left) / scale}px`;
  element.style.top = `${(within(y, box.height, innerHeight) - box.top) / scale}px`;
}

/**
 * Writes text only where it changed, so that nothing is laid out for nothing.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The hue of an epoch: eight inks, then round again; 0 is neutral. @param {number} epoch */
export const hue = (epoch) => (epoch > 0 ? ((epoch - 1) % 8) + 1 : 0);

/**
 * A sentence in which every named epoch wears its ink.
 * @param {string} sentence
 * @param {string} named how an epoch is named, as in "round {n}"
 * @param {boolean} [chips] epochs as small squares
 * @returns {(string | HTMLElement)[]}
 */
export function inked(sentence, named, chips = false) {
  const [before, after = ""] = named.split("{n}");
  const escaped = [before, after].map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = sentence.split(new RegExp(`(${escaped[0]}\\d+${escaped[1]})`));
  return parts.filter(Boolean).map((part, at) => {
    const epoch = at % 2 === (parts[0] === "" ? 0 : 1) ? Number(part.slice(before.length).match(/^\d+/)?.[0]) : NaN;
    if (Number.isNaN(epoch)) return part;
    return h("span", { class: `${chips ? "chip" : "tm"} h${hue(epoch)}` }, chips ? String(epoch) : part);
  });
}
