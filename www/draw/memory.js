// What a stage remembers of what it drew, so that it is not worked out again in every frame. Each stage has
// its own: nothing that draws keeps anything in a module.

/**
 * @import { Layout, Place } from "../layout.js"
 * @import { Course } from "./flights.js"
 * @import { Box, Shown } from "../arrange.js"
 * @import { Frame } from "../pkg/synod.js"
 * @import { Extra, Tearing } from "../more.js"
 * @import { Point } from "./jag.js"
 * @typedef {{
 *   tears: { key: string, paths: Point[][] },
 *   framed: { frame: Frame | null, extra: Extra | null, tearing: Tearing | null, key: string, turn: number },
 *   field: { key: string, places: Place[] }, ports: { key: string, angles: Map<string, number> },
 *   text: { key: string, shown: Shown }, labels: Box[], widths: Map<string, number>,
 *   cut: { frame: Frame | null, at: number | null },
 *   ways: { layout: Layout | null, shown: Shown | null, found: Map<string, Course | null> },
 * }} Memory
 */

/** @returns {Memory} */
export const makeMemory = () => ({
  tears: { key: "", paths: [] },
  framed: { frame: null, extra: null, tearing: null, key: "", turn: 0 },
  field: { key: "", places: [] },
  ports: { key: "", angles: new Map() },
  text: { key: "", shown: { boxes: [], pills: [] } },
  labels: [],
  widths: new Map(),
  cut: { frame: null, at: null },
  ways: { layout: null, shown: null, found: new Map() },
});
