// All that draws what only some protocols' frames hold; fetched when a frame has some of it.

export { counting, drawPart, facts, rowsOf, stateWord } from "./blocks.js";
export { cell } from "./glyphs.js";
export { dressed, drawDecided, drawOver, drawUnder, inHalves, lies, padOf, taken, wishes } from "./sets.js";
export { islands } from "./sides.js";
export { tellNode, tellStage } from "./told.js";
