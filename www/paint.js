// A stage drawn once more, for whoever takes it along.

/** @import { Picture } from "./export.js" */

/**
 * Draws the picture on another canvas. Each of its layers clears its own first; one upon the other must not.
 * @param {Picture} picture
 * @param {CanvasRenderingContext2D} x
 */
export function paintOn(picture, x) {
  const clear = x.clearRect;
  x.clearRect = () => {};
  try {
    picture.paint(x);
  } finally {
    x.clearRect = clear;
  }
}
