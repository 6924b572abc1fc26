// Where what is told for a while stands on a page that scrolls: in a line of its own, behind what is seen, so that it
// lies over nothing. Where a page is as high as its window, its sheet has such a line below everything.

/** So much at the foot of a window may be under a bar. */
const BAR = 112;

/**
 * Gives a way to tell that puts its line there first.
 * @param {HTMLElement} foot what the line is in
 * @param {string} narrow where the page scrolls
 * @param {HTMLElement[]} parts behind which it may stand
 * @param {(words: string, alarm?: boolean) => void} tell
 */
export function tellsInLine(foot, narrow, parts, tell) {
  const home = foot.parentElement;
  return (/** @type {string} */ words, /** @type {boolean} */ alarm = false) => {
    stand(foot, home, matchMedia(narrow).matches ? parts : null);
    tell(words, alarm);
  };
}

/** @param {HTMLElement} foot @param {HTMLElement | null} home @param {HTMLElement[] | null} parts */
function stand(foot, home, parts) {
  const seen = (parts ?? []).filter((one) => {
    const { top, bottom, height } = one.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight && bottom < innerHeight - BAR;
  });
  const last = seen.at(-1);
  foot.classList.toggle("in-line", last !== undefined);
  foot.style.order = last ? getComputedStyle(last).order : "";
  // Parts that are put in order by their sheet are counted there.
  if (last && foot.style.order !== "0") last.parentElement?.append(foot);
  else if (last) last.after(foot);
  else home?.append(foot);
}
