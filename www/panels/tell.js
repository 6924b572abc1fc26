// Words of panels that only some protocols have, in the language of a lab.

import { teller } from "../draw/more/say.js";
import MORE from "../words/more.js";
import PANELS from "../words/panels.js";

export const tell = teller({ en: { ...MORE.en, ...PANELS.en }, zh: { ...MORE.zh, ...PANELS.zh } });
