// Argon2id, version 0x13, as RFC 9106 describes it, for Node.js versions whose crypto has none. Words of 64
// bits are pairs of 32-bit words, the low one first.

import { createHash } from 'node:crypto';

const WORDS = 256; // of 32 bits, in a block of 1024 bytes
const VERSION = 0x13, ARGON2ID = 2, SLICES = 4;

const le32 = (n) => {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(n);
  return b;
};

function blake2b(length, ...parts) {
  // Node.js has BLAKE2b with 64 bytes of output only: another length is another function.
  if (length === 64) {
    const hash = createHash('blake2b512');
    for (const part of parts) hash.update(part);
    return hash.digest();
  }
  return blake2bShort(length, Buffer.concat(parts));
}

const MASK = (1n << 64n) - 1n;
const IV = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const rotate = (x, n) => ((x >> n) | (x << (64n - n))) & MASK;

/** BLAKE2b (RFC 7693) without a key, for the few short inputs here. */
function blake2bShort(length, input) {
  const h = IV.slice();
  h[0] ^= 0x01010000n ^ BigInt(length);
  const blocks = Math.max(1, Math.ceil(input.length / 128));
  for (let block = 0; block < blocks; block++) {
    const last = block === blocks - 1;
    const padded = Buffer.alloc(128);
    input.copy(padded, 0, block * 128, Math.min(input.length, (block + 1) * 128));
    const m = Array.from({ length: 16 }, (_, i) => padded.readBigUInt64LE(8 * i));
    const v = [...h, ...IV];
    v[12] ^= BigInt(last ? input.length : (block + 1) * 128);
    if (last) v[14] ^= MASK;
    const mix = (a, b, c, d, x, y) => {
      v[a] = (v[a] + v[b] + x) & MASK;
      v[d] = rotate(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = rotate(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + y) & MASK;
      v[d] = rotate(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = rotate(v[b] ^ v[c], 63n);
    };
    for (let round = 0; round < 12; round++) {
      const s = SIGMA[round % 10];
      for (let i = 0; i < 4; i++) mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
      for (let i = 0; i < 4; i++) {
        mix(i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3), m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
      }
    }
    for (let i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
  }
  const out = Buffer.alloc(64);
  h.forEach((word, i) => out.writeBigUInt64LE(word, 8 * i));
  return out.subarray(0, length);
}

/** H' of RFC 9106, section 3.3. */
function longHash(length, input) {
  if (length <= 64) return blake2b(length, le32(length), input);
  const out = [];
  let v = blake2b(64, le32(length), input);
  let left = length;
  while (left > 64) {
    out.push(v.subarray(0, 32));
    left -= 32;
    v = blake2b(Math.min(64, left), v);
  }
  out.push(v);
  return Buffer.concat(out);
}

/** a + b + 2 * low(a) * low(b), for the words at index a and b (section 3.6), into a. */
function multiplyAdd(v, a, b) {
  const x = v[a], y = v[b];
  // The 64-bit product of two 32-bit words, from halves of 16 bits.
  const xl = x & 0xffff, xh = x >>> 16, yl = y & 0xffff, yh = y >>> 16;
  const ll = xl * yl, middle = xl * yh + xh * yl;
  const lowSum = ll + (middle % 65536) * 65536;
  const productLow = lowSum >>> 0;
  const productHigh = xh * yh + Math.floor(middle / 65536) + Math.floor(lowSum / 4294967296);
  const low = x + y + productLow * 2;
  const high = v[a + 1] + v[b + 1] + productHigh * 2 + Math.floor(low / 4294967296);
  v[a] = low >>> 0;
  v[a + 1] = high >>> 0;
}

/** d = (d ^ a) rotated right by n bits. */
function xorRotate(v, d, a, n) {
  let low = v[d] ^ v[a], high = v[d + 1] ^ v[a + 1];
  if (n >= 32) [low, high, n] = [high, low, n - 32];
  if (n === 0) {
    v[d] = low >>> 0;
    v[d + 1] = high >>> 0;
  } else {
    v[d] = ((low >>> n) | (high << (32 - n))) >>> 0;
    v[d + 1] = ((high >>> n) | (low << (32 - n))) >>> 0;
  }
}

function quarter(v, a, b, c, d) {
  multiplyAdd(v, a, b);
  xorRotate(v, d, a, 32);
  multiplyAdd(v, c, d);
  xorRotate(v, b, c, 24);
  multiplyAdd(v, a, b);
  xorRotate(v, d, a, 16);
  multiplyAdd(v, c, d);
  xorRotate(v, b, c, 63);
}

/** The permutation P over sixteen 64-bit words. */
function permute(v, w) {
  for (let i = 0; i < 4; i++) quarter(v, w[i], w[4 + i], w[8 + i], w[12 + i]);
  for (let i = 0; i < 4; i++) quarter(v, w[i], w[4 + ((i + 1) & 3)], w[8 + ((i + 2) & 3)], w[12 + ((i + 3) & 3)]);
}

const ROWS = [], COLUMNS = [];
for (let i = 0; i < 8; i++) {
  ROWS.push(Array.from({ length: 16 }, (_, k) => 2 * (16 * i + k)));
  COLUMNS.push(Array.from({ length: 16 }, (_, k) => 2 * (2 * i + 16 * (k >> 1) + (k & 1))));
}

/** G of section 3.5: into = x ^ y permuted, combined with what `into` held where `add` says so. */
function compress(x, y, into, add) {
  const r = new Uint32Array(WORDS);
  for (let i = 0; i < WORDS; i++) r[i] = x[i] ^ y[i];
  const z = r.slice();
  for (const row of ROWS) permute(z, row);
  for (const column of COLUMNS) permute(z, column);
  for (let i = 0; i < WORDS; i++) into[i] = (add ? into[i] : 0) ^ z[i] ^ r[i];
}

const toBlock = (bytes) => Uint32Array.from({ length: WORDS }, (_, i) => bytes.readUInt32LE(4 * i));

export function argon2id(password, salt, memoryKib, iterations, lanes, length) {
  const segment = Math.floor(memoryKib / (SLICES * lanes));
  const columns = segment * SLICES;
  const h0 = blake2b(
    64, le32(lanes), le32(length), le32(memoryKib), le32(iterations), le32(VERSION), le32(ARGON2ID),
    le32(password.length), password, le32(salt.length), salt, le32(0), le32(0));
  const memory = new Uint32Array(lanes * columns * WORDS);
  const block = (lane, column) => memory.subarray((lane * columns + column) * WORDS, (lane * columns + column + 1) * WORDS);
  for (let lane = 0; lane < lanes; lane++) {
    for (const column of [0, 1]) {
      block(lane, column).set(toBlock(longHash(1024, Buffer.concat([h0, le32(column), le32(lane)]))));
    }
  }
  for (let pass = 0; pass < iterations; pass++) {
    for (let slice = 0; slice < SLICES; slice++) {
      for (let lane = 0; lane < lanes; lane++) fillSegment(pass, slice, lane);
    }
  }
  const last = Uint32Array.from(block(0, columns - 1));
  for (let lane = 1; lane < lanes; lane++) {
    block(lane, columns - 1).forEach((word, i) => (last[i] ^= word));
  }
  const bytes = Buffer.alloc(1024);
  last.forEach((word, i) => bytes.writeUInt32LE(word, 4 * i));
  return longHash(length, bytes);

  function fillSegment(pass, slice, lane) {
    const independent = pass === 0 && slice < 2;
    const zero = new Uint32Array(WORDS), input = new Uint32Array(WORDS), addresses = new Uint32Array(WORDS);
    const numbers = [pass, lane, slice, lanes * columns, iterations, ARGON2ID];
    numbers.forEach((n, i) => (input[2 * i] = n));
    const nextAddresses = () => {
      input[12]++;
      compress(zero, input, addresses, false);
      compress(zero, addresses.slice(), addresses, false);
    };
    const first = pass === 0 && slice === 0 ? 2 : 0;
    if (independent && first !== 0) nextAddresses();
    for (let i = first; i < segment; i++) {
      if (independent && i % 128 === 0) nextAddresses();
      const column = slice * segment + i;
      const previous = block(lane, column === 0 ? columns - 1 : column - 1);
      const source = independent ? addresses : previous;
      const at = independent ? 2 * (i % 128) : 0;
      const j1 = source[at], j2 = source[at + 1];
      const refLane = pass === 0 && slice === 0 ? lane : j2 % lanes;
      let area = pass === 0 ? slice * segment : columns - segment;
      if (refLane === lane) area += i - 1;
      else if (i === 0) area -= 1;
      // area - 1 - (area * (j1^2 >> 32) >> 32), in exact integers.
      const square = Number((BigInt(j1) * BigInt(j1)) >> 32n);
      const relative = area - 1 - Number((BigInt(area) * BigInt(square)) >> 32n);
      const start = pass === 0 || slice === SLICES - 1 ? 0 : (slice + 1) * segment;
      compress(previous, block(refLane, (start + relative) % columns), block(lane, column), pass > 0);
    }
  }
}
