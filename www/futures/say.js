// Words of futures, in the language of the stage.

import { teller } from "../teller.js";
import WORDS from "../words/futures.js";

export const tell = teller(WORDS);
