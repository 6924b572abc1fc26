// A module told in parts, as the build parts it: first all instructions, then each kind of their operands by
// itself. Bytes of one kind pack a twelfth smaller. It is put together again here, byte for byte.

/** Stands for a constant of more than two bytes. */
const FAR = 0xff;
/** The kinds of operands, in the order of their streams. */
const [PLAIN, DECLARED, LOCAL, CALLED, READ, WRITTEN, NEAR, FAR_AWAY, BRANCH, WIDE] = Array(10).keys();
/** Which instructions have which operands; of the rest none has any. @type {[number, number, number[]][]} */
const OPERANDS = [
  [0x02, 0x04, [PLAIN]],
  [0x0c, 0x0d, [BRANCH]],
  [0x10, 0x10, [CALLED]],
  [0x11, 0x11, [PLAIN, PLAIN]],
  [0x20, 0x22, [LOCAL]],
  [0x23, 0x26, [PLAIN]],
  [0x28, 0x35, [PLAIN, READ]],
  [0x36, 0x3e, [PLAIN, WRITTEN]],
  [0x3f, 0x40, [PLAIN]],
  [0x41, 0x41, [NEAR]],
  [0x42, 0x42, [WIDE]],
  [0xd0, 0xd0, [PLAIN]],
  [0xd2, 0xd2, [CALLED]],
];

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Uint8Array<ArrayBuffer>} */
export function joined(bytes) {
  // A module begins with 0.
  if (bytes[0] !== 1) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [functions, ...lengths] = Array.from({ length: 13 }, (_, i) => view.getUint32(1 + 4 * i, true));
  let from = 1 + 4 * 13;
  const [head, tail, ...streams] = lengths.map((length) => {
    from += length;
    return bytes.subarray(from - length, from);
  });
  // Sizes of functions are not told: of each at most three bytes.
  const code = codeOf(functions, streams, bytes.length + 3 * functions);
  const size = number(code.length);
  const module = new Uint8Array(head.length + 1 + size.length + code.length + tail.length);
  let at = 0;
  for (const part of [head, [10], size, code, tail]) {
    module.set(part, at);
    at += part.length;
  }
  return module;
}

/** As few bytes as a number can be written in: seven bits each. @param {number} n */
function number(n) {
  const bytes = [];
  for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
  return [...bytes, n];
}

/** @param {number} functions @param {Uint8Array[]} streams @param {number} most its length is less */
function codeOf(functions, streams, most) {
  const operands = Array.from({ length: 256 }, (_, op) => OPERANDS.find(([a, b]) => op >= a && op <= b)?.[2] ?? []);
  const [out, places] = [new Uint8Array(most), streams.map(() => 0)];
  let at = 0;
  const copy = (/** @type {number} */ kind) => (out[at++] = streams[kind][places[kind]++]);
  /** Copies a number, and gives it. @param {number} kind */
  const one = (kind) => {
    let [sum, shift, byte] = [0, 0, 0];
    do {
      byte = copy(kind);
      sum |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return sum;
  };
  const several = (/** @type {number} */ kind, /** @type {number} */ count) => {
    for (; count > 0; count--) one(kind);
  };
  const instruction = () => {
    const op = copy(PLAIN);
    if (op === FAR) {
      out[at - 1] = 0x41;
      one(FAR_AWAY);
    } else if (op === 0x0e) several(BRANCH, one(BRANCH) + 1);
    else if (op === 0x1c) several(PLAIN, one(PLAIN));
    else if (op === 0x43 || op === 0x44) for (let i = op === 0x43 ? 4 : 8; i > 0; i--) copy(WIDE);
    else if (op === 0xfc) {
      const which = one(PLAIN);
      several(PLAIN, which < 8 ? 0 : which < 15 && which % 2 === 0 ? 2 : 1);
    } else for (const kind of operands[op]) one(kind);
    return op;
  };
  at = number(functions).length;
  out.set(number(functions));
  for (; functions > 0; functions--) {
    const from = at;
    for (let groups = one(DECLARED); groups > 0; groups--) {
      one(DECLARED);
      copy(DECLARED);
    }
    for (let depth = 0; depth >= 0; ) {
      const op = instruction();
      if (op === 0x0b) depth--;
      else if (op > 1 && op < 5) depth++;
    }
    const size = number(at - from);
    out.copyWithin(from + size.length, from, at);
    out.set(size, from);
    at += size.length;
  }
  return out.subarray(0, at);
}
