// The way to the finder: all of it is fetched when somebody first goes there.

import { attempt } from "../share.js";
import { styled } from "../shell.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Wanted } from "./model.js"
 */

/** @type {Promise<[typeof import("./find.js"), unknown]> | null} */
let coming = null;

/** @param {Lab} lab @param {Wanted} [wanted] what is looked for at once */
export const openFinder = (lab, wanted) =>
  attempt(async () => {
    coming ??= Promise.all([import("./find.js"), styled("find.css")]);
    coming.catch(() => (coming = null));
    const [{ openFind }] = await coming;
    openFind(lab, wanted);
  }, lab.told);
