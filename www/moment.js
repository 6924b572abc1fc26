// A moment of virtual time as it is told: in ms, or as a clock where the catalog says that a protocol's times are of
// seconds.

/** @typedef {{ seconds: boolean }} Kind */

/** @param {number} time @param {number} decimals */
function clock(time, decimals) {
  const all = Math.round((Math.abs(time) / 1000) * 10 ** decimals) / 10 ** decimals;
  const [minutes, rest] = [Math.floor(all / 60), all % 60];
  const wide = decimals ? decimals + 3 : 2;
  const sign = time < 0 ? "−" : "";
  return `${sign}${String(minutes).padStart(2, "0")}:${rest.toFixed(decimals).padStart(wide, "0")}`;
}

/**
 * A number for a column or a ruler, where its unit is known.
 * @param {Kind} kind @param {{ ms: (ms: number) => string }} words @param {number} time
 */
export const moment = ({ seconds }, words, time) => (seconds ? clock(time, 1) : words.ms(Math.round(time * 10) / 10));

/**
 * At a tick: no more of it than tells it from the next.
 * @param {Kind} kind @param {{ ms: (ms: number) => string }} words @param {number} time
 */
export const tickAt = ({ seconds }, words, time) =>
  seconds ? clock(time, 3).replace(/\.0+$|(\.\d*?)0+$/, "$1") : words.ms(Math.round(time * 100) / 100);

/**
 * With its unit, as a clock that runs.
 * @param {Kind} kind @param {{ say: (key: string, fill: { n: number }) => string }} words @param {number} time
 */
export const running = ({ seconds }, words, time) =>
  seconds ? clock(Math.floor(time / 100) * 100, 1) : words.say("ms", { n: Math.floor(time) });

/**
 * A moment with its unit, for a sentence.
 * @param {Kind} kind @param {{ ms: (ms: number) => string }} words @param {number} time
 */
export const momentSaid = (kind, words, time) =>
  kind.seconds ? moment(kind, words, time) : `${moment(kind, words, time)} ms`;

/**
 * How long something lasts, with its unit.
 * @param {Kind} kind @param {{ ms: (ms: number) => string }} words @param {number} time
 */
export const lasting = ({ seconds }, words, time) =>
  seconds && (time === 0 || Math.abs(time) >= 100)
    ? `${(time / 1000).toFixed(1)} s`
    : `${words.ms(Math.round(time * 10) / 10)} ms`;
