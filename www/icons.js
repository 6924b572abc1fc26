// Icons, and the mark: those that a stage in other people's pages needs too. `icons-page.js` has more.

const SVG = "http://www.w3.org/2000/svg";
/** Paths on a 20 by 20 grid; those that begin with `!` are filled. @type {Record<string, string[]>} */
const ICONS = {
  play: ["!M6 4l11 6-11 6z"],
  pause: ["!M6 4h3v12H6zM11 4h3v12h-3z"],
  step: ["!M4 4l8 6-8 6z", "M15 4v12"],
  restart: ["M15.500 10a5.500 5.500 0 1 1-1.800-4M15.500 2.800v3.600h-3.600"],
  cut: ["M10 2l-1.600 3.200 2.800 2.600-2.600 3 2.400 2.700L9.600 18M2.500 10h3.600M13.900 10h3.600"],
  next: ["M7.500 4l6 6-6 6"],
  before: ["M12.500 4l-6 6 6 6"],
  out: ["M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8"],
  broken: ["M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0", "M7.500 7.500l5 5M12.500 7.500l-5 5"],
};

/** @param {Record<string, string[]>} more */
export const addIcons = (more) => Object.assign(ICONS, more);

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
