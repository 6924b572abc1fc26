// Words of futures, in the language of the stage.

import { teller } from "../teller.js";
import WORDS from "../words/futures.js";

/** @import { Words } from "../words.js" */

export const tell = teller(WORDS);

/** How many, in a word where it is a small number and the language has it so. @param {Words} words @param {number} n */
export const numbered = (words, n) => tell(words, "numbers").split(" ")[n] || String(n);
