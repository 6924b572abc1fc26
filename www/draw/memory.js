// What a stage remembers of what it drew, so that it is not worked out again in every frame. Each stage has
// its own: nothing that draws keeps anything in a module.

/**
 * @import { Place } from "../layout.js"
 * @import { Box, Shown } from "../arrange.js"
 * @import { Frame } from "../pkg/synod.js"
 * @import { Extra } from "../more.js"
 * @import { Point } from "./tear.js"
 * @typedef {{
 *   tears: { key: string, paths: Point[][] }, framed: { frame: Frame | null, extra: Extra | null, key: string, turn: number },
 *   field: { key: string, places: Place[] }, ports: { key: string, angles: Map<string, number> },
 *   text: { key: string, shown: Shown }, labels: Box[], widths: Map<string, number>,
 * }} Memory
 */

/** @returns {Memory} */
export const makeMemory = () => ({
  tears: { key: "", paths: [] },
  framed: { frame: null, extra: null, key: "", turn: 0 },
  field: { key: "", places: [] },
  ports: { key: "", angles: new Map() },
  text: { key: "", shown: { boxes: [], pills: [] } },
  labels: [],
  widths: new Map(),
});
