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

const SVG = "http://www.w3.org/2000/svg";
/** Paths on a 20 by 20 grid; those that begin with `!` are filled. @type {Record<string, string[]>} */
const ICONS = {
  play: ["!M6 4l11 6-11 6z"],
  pause: ["!M6 4h3v12H6zM11 4h3v12h-3z"],
  step: ["!M4 4l8 6-8 6z", "M15 4v12"],
  back: ["!M16 4l-8 6 8 6z", "M5 4v12"],
  link: ["M8.500 11.500a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200l-1 1M11.500 8.500a3 3 0 0 0-4.200 0l-3 3a3 3 0 0 0 4.200 4.200l1-1"],
  sun: ["M13.400 10a3.400 3.400 0 1 1-6.800 0a3.400 3.400 0 0 1 6.800 0", "M10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M4.300 15.700l1.400-1.400M14.300 5.700l1.400-1.400"],
  moon: ["M16 11.500A6.500 6.500 0 0 1 8.500 4 6.500 6.500 0 1 0 16 11.500z"],
  help: ["M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0", "M8 8a2 2 0 1 1 2.700 1.900c-.5.200-.7.600-.7 1.300M10 13.800v.1"],
  gear: ["M3 6h8M15 6h2M3 14h2M9 14h8", "M15 6a2 2 0 1 1-4 0a2 2 0 0 1 4 0M9 14a2 2 0 1 1-4 0a2 2 0 0 1 4 0"],
  more: ["M3 6h14M3 10h14M3 14h14"],
  crash: ["M16.200 10a6.200 6.200 0 1 1-12.400 0a6.200 6.200 0 0 1 12.400 0", "M7.800 7.800l4.400 4.400M12.200 7.800l-4.400 4.400"],
  restart: ["M15.500 10a5.500 5.500 0 1 1-1.800-4M15.500 2.800v3.600h-3.600"],
  cut: ["M10 2l-1.600 3.200 2.800 2.600-2.600 3 2.400 2.700L9.600 18M2.500 10h3.600M13.900 10h3.600"],
  drop: ["M3 10h6M12 7.500l5 5M17 7.500l-5 5"],
  delay: ["M16.500 10a6.500 6.500 0 1 1-13 0a6.500 6.500 0 0 1 13 0", "M10 6.200V10l2.600 1.700"],
  duplicate: ["M4 7h6l3 3-3 3H4zM8.500 4.200H13l3.800 3.800"],
  skew: ["M14.700 11a5.700 5.700 0 1 1-11.400 0a5.700 5.700 0 0 1 11.400 0", "M9 8v3l2 1M14 3.600l2.800 2.600M16.800 3.400l-2.600 2.800"],
  halt: ["M16.500 10a6.500 6.500 0 1 1-13 0a6.500 6.500 0 0 1 13 0", "M8.300 7.500v5M11.700 7.500v5"],
  send: ["M3 5h14v10H3zM6 8l2.500 2L6 12M10 12.500h4"],
  next: ["M7.500 4l6 6-6 6"],
  before: ["M12.500 4l-6 6 6 6"],
  slower: ["M4 10h12"],
  faster: ["M4 10h12M10 4v12"],
  out: ["M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8"],
  save: ["M10 3v9M6.500 8.500L10 12l3.500-3.500M4 15.500h12"],
  hand: ["M6 11V6.200a1.200 1.200 0 0 1 2.400 0V10M8.400 9.500V4.200a1.200 1.200 0 0 1 2.400 0V9.500M10.800 9.500V5a1.200 1.200 0 0 1 2.400 0V10M13.200 10V7a1.200 1.200 0 0 1 2.400 0v5c0 3.200-1.900 5-4.700 5-2.400 0-3.500-1-4.700-3.200L4.300 10.900a1.200 1.200 0 0 1 2-1.300L7 10.700"],
  tick: ["M4 10.500l4 4L16 6"],
  broken: ["M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0", "M7.500 7.500l5 5M12.500 7.500l-5 5"],
};

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d.replace("!", ""));
    if (d.startsWith("!")) {
      path.setAttribute("fill", "currentColor");
      path.setAttribute("stroke", "none");
    }
    svg.append(path);
  }
  return svg;
}

/** How large an element is on the screen against its own measure: slides are scaled. @param {HTMLElement} element */
export const scaleOf = (element) => element.getBoundingClientRect().width / element.offsetWidth || 1;

/** Puts a fixed element at a point of the screen, also where what is around it is scaled or moved. @param {HTMLElement} element @param {number} x @param {number} y */
export function putAt(element, x, y) {
  [element.style.left, element.style.top] = ["0px", "0px"];
  const [box, scale] = [element.getBoundingClientRect(), scaleOf(element)];
  const within = (/** @type {number} */ wish, /** @type {number} */ size, /** @type {number} */ room) => Math.max(8, Math.min(wish, room - size - 8));
  element.style.left = `${(within(x, box.width, innerWidth) - box.left) / scale}px`;
  element.style.top = `${(within(y, box.height, innerHeight) - box.top) / scale}px`;
}

/** Replaces an icon that stands alone in a button. @param {Element} button @param {string} name */
export function setIcon(button, name) {
  if (button.getAttribute("data-icon") === name) return;
  button.setAttribute("data-icon", name);
  button.querySelector("svg")?.replaceWith(icon(name));
}

/** Writes text only where it changed, so that nothing is laid out for nothing. @param {Element} element @param {string} text */
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
