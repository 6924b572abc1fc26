// The element as a module of its own, with the module of WebAssembly beside it.

import * as assets from "./assets.js";
import { scoped } from "./scoped.js";
import { define } from "./stage-element.js";
import figure from "./figure.css";
import tokens from "./tokens.css";

export const SynodStage = define(assets, scoped(tokens, figure));
