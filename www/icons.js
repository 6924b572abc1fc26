// Icons, and the mark.

const SVG = "http://www.w3.org/2000/svg";
/** Paths on a 20 by 20 grid; those that begin with `!` are filled. @type {Record<string, string[]>} */
const ICONS = {
  play: ["!M6 4l11 6-11 6z"],
  pause: ["!M6 4h3v12H6zM11 4h3v12h-3z"],
  step: ["!M4 4l8 6-8 6z", "M15 4v12"],
  back: ["!M16 4l-8 6 8 6z", "M5 4v12"],
  link: [
    "M8.500 11.500a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200l-1 1M11.500 8.500a3 3 0 0 0-4.200 0l-3 3a3 3 0 0 0 4.200 4.200l1-1",
  ],
  sun: [
    "M13.400 10a3.400 3.400 0 1 1-6.800 0a3.400 3.400 0 0 1 6.800 0",
    "M10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M4.300 15.700l1.400-1.400M14.300 5.700l1.400-1.400",
  ],
  moon: ["M16 11.500A6.500 6.500 0 0 1 8.500 4 6.500 6.500 0 1 0 16 11.500z"],
  undo: ["M4 8h8.500a4 4 0 0 1 0 8H8M7.200 4.600L3.800 8l3.400 3.400"],
  redo: ["M16 8H7.500a4 4 0 0 0 0 8H12M12.800 4.600L16.200 8l-3.400 3.400"],
  help: ["M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0", "M8 8a2 2 0 1 1 2.700 1.900c-.5.200-.7.600-.7 1.300M10 13.800v.1"],
  gear: ["M3 6h8M15 6h2M3 14h2M9 14h8", "M15 6a2 2 0 1 1-4 0a2 2 0 0 1 4 0M9 14a2 2 0 1 1-4 0a2 2 0 0 1 4 0"],
  more: ["M3 6h14M3 10h14M3 14h14"],
  crash: [
    "M16.200 10a6.200 6.200 0 1 1-12.400 0a6.200 6.200 0 0 1 12.400 0",
    "M7.800 7.800l4.400 4.400M12.200 7.800l-4.400 4.400",
  ],
  restart: ["M15.500 10a5.500 5.500 0 1 1-1.800-4M15.500 2.800v3.600h-3.600"],
  cut: ["M10 2l-1.600 3.200 2.800 2.600-2.600 3 2.400 2.700L9.600 18M2.500 10h3.600M13.900 10h3.600"],
  drop: ["M3 10h6M12 7.500l5 5M17 7.500l-5 5"],
  delay: ["M16.500 10a6.500 6.500 0 1 1-13 0a6.500 6.500 0 0 1 13 0", "M10 6.200V10l2.600 1.700"],
  duplicate: ["M4 7h6l3 3-3 3H4zM8.500 4.200H13l3.800 3.800"],
  skew: [
    "M14.700 11a5.700 5.700 0 1 1-11.400 0a5.700 5.700 0 0 1 11.400 0",
    "M9 8v3l2 1M14 3.600l2.800 2.600M16.800 3.400l-2.600 2.800",
  ],
  halt: ["M16.500 10a6.500 6.500 0 1 1-13 0a6.500 6.500 0 0 1 13 0", "M8.300 7.500v5M11.700 7.500v5"],
  send: ["M3 5h14v10H3zM6 8l2.500 2L6 12M10 12.500h4"],
  next: ["M7.500 4l6 6-6 6"],
  before: ["M12.500 4l-6 6 6 6"],
  slower: ["M4 10h12"],
  faster: ["M4 10h12M10 4v12"],
  out: ["M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8"],
  save: ["M10 3v9M6.500 8.500L10 12l3.500-3.500M4 15.500h12"],
  hand: [
    "M6 11V6.200a1.200 1.200 0 0 1 2.400 0V10M8.400 9.500V4.200a1.200 1.200 0 0 1 2.400 0V9.500M10.800 9.500V5a1.200 1.200 0 0 1 2.400 0V10M13.200 10V7a1.200 1.200 0 0 1 2.400 0v5c0 3.200-1.900 5-4.700 5-2.400 0-3.500-1-4.700-3.200L4.300 10.900a1.200 1.200 0 0 1 2-1.300L7 10.700",
  ],
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

/** Replaces an icon that stands alone in a button. @param {Element} button @param {string} name */
export function setIcon(button, name) {
  if (button.getAttribute("data-icon") === name) return;
  button.setAttribute("data-icon", name);
  button.querySelector("svg")?.replaceWith(icon(name));
}

/** The mark: an assembly, three of five. */
export function mark() {
  const svg = icon("");
  svg.setAttribute("viewBox", "0 0 32 32");
  for (let i = 0; i < 5; i++) {
    const at = (/** @type {number} */ degrees) => {
      const angle = ((degrees - 90) * Math.PI) / 180;
      return `${16 + 11.4 * Math.cos(angle)} ${16 + 11.4 * Math.sin(angle)}`;
    };
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${at(i * 72 + 7)}A11.4 11.4 0 0 1 ${at(i * 72 + 65)}`);
    path.setAttribute("stroke-width", i < 3 ? "5.5" : "1.8");
    path.setAttribute("stroke-linecap", "butt");
    svg.append(path);
  }
  return svg;
}
