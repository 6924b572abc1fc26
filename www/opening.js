// What is dropped or pasted on the lab opens: a link, a recording, or a trace that was exported here.

import { seek } from "./acts.js";
import { openWords } from "./link.js";
import { listed, recorded } from "./shell.js";
import { replace, why } from "./state.js";
import { say } from "./words.js";

/** @import { Lab } from "./state.js" */

/** The characters of a recording. */
const RECORDING = /^[A-Za-z0-9\-_.~]{16,}$/;
/** A larger file is none of ours. */
const LARGEST = 64 << 20;

/** The words of an address that a text holds; nothing where it holds none. @param {string} text */
export function wordsOf(text) {
  const found = text.trim();
  if (RECORDING.test(found)) return new URLSearchParams({ run: found, t: "0" });
  const link = found.match(/#(\S+=\S*)$/);
  if (link) return new URLSearchParams(link[1]);
  try {
    const { run, t } = JSON.parse(found.split("\n", 1)[0]);
    if (typeof run === "string") return new URLSearchParams({ run, t: String(Number(t) || 0) });
  } catch {
    // It is no trace either.
  }
  return null;
}

/**
 * Opens it in place where it is of this page's protocol, and as another page where not.
 * @param {Lab} lab
 * @param {string} text
 */
function open(lab, text) {
  const words = wordsOf(text);
  if (!words) return lab.told(say("not-opened"), true);
  const run = words.get("run");
  const id = run ? recorded(run) : words.get("protocol");
  if (id && id !== lab.protocol.id && listed().some((one) => one.id === id)) {
    location.hash = words.toString();
    return location.reload();
  }
  try {
    const { sim, t } = openWords(words, lab.protocol.id);
    replace(lab, sim);
    seek(lab, t);
    lab.told(say("opened"));
  } catch (error) {
    lab.told(why(lab.words, error), true);
  }
}

/** @param {Lab} lab @param {HTMLElement} page */
export function handleOpening(lab, page) {
  const typing = (/** @type {EventTarget | null} */ target) =>
    target instanceof Element && target.closest("input,textarea,dialog") !== null;
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (typing(event.target) || !text) return;
    event.preventDefault();
    open(lab, text);
  });
  page.addEventListener("dragover", (event) => {
    if (typing(event.target)) return;
    event.preventDefault();
    page.classList.add("taking");
  });
  page.addEventListener("dragleave", () => page.classList.remove("taking"));
  page.addEventListener("drop", async (event) => {
    page.classList.remove("taking");
    if (typing(event.target) || !event.dataTransfer) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    const text = event.dataTransfer.getData("text/uri-list") || event.dataTransfer.getData("text/plain");
    if (file && file.size > LARGEST) return lab.told(say("not-opened"), true);
    open(lab, file ? await file.text() : text);
  });
}
