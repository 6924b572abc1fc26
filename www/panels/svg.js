// What charts are made of.

/** @param {string} tag @param {Record<string, string | number>} [set] @param {(Node | string)[]} kids */
export function svg(tag, set = {}, ...kids) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(set)) made.setAttribute(key, String(value));
  made.append(...kids);
  return made;
}

/** The next round number, for the end of an axis. @param {number} most */
export function roundUp(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9)));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= most) ?? 10) * power;
}
