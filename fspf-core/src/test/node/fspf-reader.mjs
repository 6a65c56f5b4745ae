// Reads a volume as docs/format.md says, and nothing else: this program was written from that document
// alone and shares no code with the library, so that the document is known to be enough.
//
//   node fspf-reader.mjs [--key FILE | --passphrase FILE] [--tag HEX] DIRECTORY
//
// verifies all of DIRECTORY/fspf.pb and of the content that it governs, and prints what the volume holds as
// JSON. Ends with 1, and one line on standard error, where anything is not as the document says. It reads
// the whole file into memory and trusts nothing in it; it is meant for volumes as small as the golden ones.

import { createDecipheriv, createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { argon2id } from './argon2id.mjs';

class Violation extends Error {}

function must(condition, what) {
  if (!condition) throw new Violation(what);
}

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const same = (a, b) => a.length === b.length && timingSafeEqual(a, b);
const text = (s) => Buffer.from(s, 'latin1');
const be32 = (n) => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
};
const be64 = (n) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(n));
  return b;
};

// ---- §1, §13: frames and messages, in their one encoding --------------------------------------------

const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;

const scalar = (wire, read) => ({ wire, read });
const u32 = scalar(VARINT, (v) => (must(v < 1n << 32n, 'A number has more than 32 bits'), Number(v)));
const u64 = scalar(VARINT, (v) => v);
const s64 = scalar(VARINT, (v) => (v >> 1n) ^ -(v & 1n));
const flag = scalar(VARINT, (v) => (must(v === 1n, 'A truth value is neither 0 nor 1'), true));
const f32 = scalar(FIXED32, (v) => v);
const f64 = scalar(FIXED64, (v) => v);
const bytes = scalar(BYTES, (v) => v);
const oneOf = (...names) =>
  scalar(VARINT, (v) => (must(v < BigInt(names.length), 'An unknown number of an enumeration'), names[Number(v)]));
const message = (type) => ({ wire: BYTES, read: (v) => parse(type(), v), message: true });
const list = (element) => ({ ...element, list: true });
const always = (element) => ({ ...element, always: true });

const Time = { 1: ['seconds', s64], 2: ['nanos', u32] };
const Pointer = { 1: ['offset', f64], 2: ['length', f32], 3: ['digest', bytes] };
const PassphraseSlot = {
  1: ['salt', bytes], 2: ['memoryKib', u32], 3: ['iterations', u32], 4: ['parallelism', u32],
  5: ['nonce', bytes], 6: ['wrappedKey', bytes],
};
const KeySlot = { 1: ['passphrase', message(() => PassphraseSlot)] };
const Header = {
  1: ['magic', bytes], 2: ['formatVersion', u32], 3: ['volumeId', bytes],
  4: ['metadataSeal', oneOf('UNSPECIFIED', 'NONE', 'AES_256_GCM')],
  5: ['salt', bytes], 6: ['keyCommitment', bytes], 7: ['keySlots', list(message(() => KeySlot))],
};
const Node = { 1: ['nonce', bytes], 2: ['body', bytes] };
const NodeBody = {
  1: ['volumeId', bytes], 2: ['generation', f64], 3: ['level', u32], 4: ['keys', list(bytes)],
  5: ['values', list(bytes)], 6: ['children', list(message(() => Pointer))],
};
const Commit = {
  1: ['nonce', bytes], 2: ['body', bytes], 3: ['tailLength', always(f32)], 4: ['offset', f64],
  5: ['digest', bytes], 6: ['trailer', f64],
};
const CommitBody = {
  1: ['volumeId', bytes], 2: ['generation', u64], 3: ['time', message(() => Time)], 4: ['previousTag', bytes],
  5: ['previousOffset', u64], 6: ['previousLength', u32], 7: ['root', message(() => Pointer)],
  8: ['nextInode', u64], 9: ['files', u64], 10: ['directories', u64], 11: ['symlinks', u64], 12: ['bytes', u64],
  13: ['liveNodeBytes', u64], 14: ['openForWriting', flag],
};
const fileType = oneOf('UNSPECIFIED', 'file', 'directory', 'symlink');
const integrity = oneOf('UNSPECIFIED', 'sha256', 'gmac', 'gcm', 'gcm_sha256');
const Inode = {
  1: ['type', fileType], 2: ['region', u32], 3: ['mode', u32], 4: ['uid', u32], 5: ['gid', u32], 6: ['links', u32],
  7: ['modified', message(() => Time)], 8: ['changed', message(() => Time)], 9: ['accessed', message(() => Time)],
  10: ['created', message(() => Time)], 11: ['parent', u64], 12: ['target', bytes], 13: ['size', u64],
  14: ['inline', bytes], 15: ['integrity', integrity], 16: ['chunkSize', u32], 17: ['fileId', bytes],
  18: ['fileKey', bytes], 19: ['keyEpoch', u32], 20: ['keyUses', u64], 21: ['objectSize', u64],
};
const DirectoryEntry = { 1: ['inode', u64], 2: ['type', fileType] };
const ChunkGroup = { 1: ['present', bytes], 2: ['records', bytes], 3: ['slots', { ...u64, packed: true }] };
const Region = {
  1: ['id', u32], 2: ['path', bytes],
  3: ['protection', oneOf('UNSPECIFIED', 'not_protected', 'authenticated', 'encrypted')],
  4: ['storage', oneOf('UNSPECIFIED', 'kernel', 'ephemeral')], 5: ['hostDirectory', bytes], 6: ['rootInode', u64],
  7: ['chunkSize', u32], 8: ['integrity', integrity],
};
const Publish = { 1: ['staged', bytes], 2: ['path', bytes] };
const MakeSymlink = { 1: ['path', bytes], 2: ['target', bytes] };
const RenameHost = { 1: ['from', bytes], 2: ['to', bytes] };
const MakeLink = { 1: ['existing', bytes], 2: ['path', bytes] };
const SetMode = { 1: ['path', bytes], 2: ['mode', u32] };
const PendingHostOperation = {
  1: ['region', u32], 2: ['publish', message(() => Publish)], 3: ['remove', always(bytes)],
  4: ['makeDirectory', always(bytes)], 5: ['makeSymlink', message(() => MakeSymlink)],
  6: ['rename', message(() => RenameHost)], 7: ['makeLink', message(() => MakeLink)],
  8: ['setMode', message(() => SetMode)],
};
const Orphan = { 1: ['region', u32], 2: ['fileId', bytes], 3: ['keyEpoch', u32], 4: ['inode', u64] };

const ABSENT = new Map([
  [u32, 0], [u64, 0n], [s64, 0n], [flag, false], [f32, 0], [f64, 0n], [bytes, Buffer.alloc(0)],
]);

class Input {
  constructor(buffer) {
    this.buffer = buffer;
    this.at = 0;
  }

  get isAtEnd() {
    return this.at === this.buffer.length;
  }

  take(length) {
    must(length <= this.buffer.length - this.at, 'A message is cut');
    const taken = this.buffer.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const b = this.take(1)[0];
      must(shift < 63n || b <= 1, 'A number has more than 64 bits');
      value |= BigInt(b & 127) << shift;
      if (b < 128) {
        must(b !== 0 || shift === 0n, 'A number is not in its shortest form');
        return value;
      }
    }
  }

  length() {
    const length = this.varint();
    must(length <= BigInt(this.buffer.length), 'A message is cut');
    return Number(length);
  }

  value(wire) {
    switch (wire) {
      case VARINT: return this.varint();
      case FIXED64: return this.take(8).readBigUInt64LE();
      case FIXED32: return this.take(4).readUInt32LE();
      default: return this.take(this.length());
    }
  }
}

function parse(type, buffer) {
  const result = {};
  for (const [name, field] of Object.values(type)) {
    if (field.list || field.packed) result[name] = [];
    else if (!field.message && !field.always) result[name] = ABSENT.get(field) ?? 'UNSPECIFIED';
  }
  const input = new Input(buffer);
  let last = 0;
  while (!input.isAtEnd) {
    const tag = input.varint();
    const number = Number(tag >> 3n);
    must(type[number], 'A field that is not declared');
    const [name, field] = type[number];
    must(number > last || (number === last && field.list), 'Fields are not in the order of their numbers');
    last = number;
    const wire = Number(tag & 7n);
    must(wire === (field.packed ? BYTES : field.wire), 'A field of the wrong wire type');
    if (field.packed) {
      const packed = new Input(input.value(BYTES));
      must(!packed.isAtEnd, 'A field with its default value');
      while (!packed.isAtEnd) result[name].push(field.read(packed.value(field.wire)));
      continue;
    }
    const raw = input.value(wire);
    if (!field.list && !field.always && !field.message) {
      must(wire === BYTES ? raw.length > 0 : BigInt(raw) !== 0n, 'A field with its default value');
    }
    const value = field.read(raw);
    if (field.list) result[name].push(value);
    else result[name] = value;
  }
  return result;
}

/** The frame that begins at an offset: its bytes and its message's, or nothing. */
function frameAt(file, offset, tag, limit) {
  const input = new Input(file.subarray(offset, offset + limit));
  must(input.take(1)[0] === tag, 'Not the frame that was to stand there');
  const content = input.take(input.length());
  return { frame: input.buffer.subarray(0, input.at), content };
}

// ---- §2, §8: header and keys --------------------------------------------------------------------------

const HEADER_LIMIT = 16384, NODE_LIMIT = 1048576, COMMIT_LIMIT = 4096;

function readHeader(file) {
  const { frame, content } = frameAt(file, 0, 0x0a, HEADER_LIMIT);
  const header = parse(Header, content);
  must(header.magic.equals(text('FSPFv1\r\n')), 'Not an fspf file');
  must(header.formatVersion === 1, 'An unknown version of the format');
  must(header.volumeId.length === 16, 'A volume id has 16 bytes');
  header.sealed = header.metadataSeal === 'AES_256_GCM';
  if (header.sealed) {
    must(header.salt.length === 32, 'A salt has 32 bytes');
    must(header.keyCommitment.length === 32, 'A key commitment has 32 bytes');
    must(header.keySlots.length <= 16, 'At most 16 key slots');
    for (const slot of header.keySlots) checkSlot(slot.passphrase);
  } else {
    must(header.metadataSeal === 'NONE', 'An unknown seal');
    must(header.salt.length === 0 && header.keyCommitment.length === 0 && header.keySlots.length === 0,
      'A header without a key has parts of one');
  }
  header.frame = frame;
  header.digest = sha256(frame);
  return header;
}

function checkSlot(slot) {
  must(slot !== undefined, 'A key slot of an unknown kind');
  must(slot.salt.length === 16 && slot.nonce.length === 12 && slot.wrappedKey.length === 48,
    'A passphrase slot of the wrong shape');
  must(slot.parallelism >= 1 && slot.parallelism <= 255, 'Passphrase slot: parallelism');
  must(slot.memoryKib >= 8 * slot.parallelism && slot.memoryKib <= 2097152, 'Passphrase slot: memory');
  must(slot.iterations >= 1 && slot.memoryKib * slot.iterations <= 16777216, 'Passphrase slot: iterations');
}

function open(key, nonce, sealed, aad, what) {
  must(nonce.length === 12 && sealed.length >= 16, `${what}: too short`);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  const clear = decipher.update(sealed.subarray(0, sealed.length - 16));
  try {
    decipher.final();
  } catch {
    throw new Violation(`${what}: not authentic`);
  }
  return clear;
}

const derive = (key, salt, label, context) =>
  Buffer.from(hkdfSync('sha256', key, salt, Buffer.concat([text(label), context]), 32));

function fromPassphrase(header, passphrase) {
  const password = Buffer.from(passphrase.normalize('NFC'), 'utf8');
  for (const { passphrase: slot } of header.keySlots) {
    const wrapping = argon2id(password, slot.salt, slot.memoryKib, slot.iterations, slot.parallelism, 32);
    const aad = Buffer.concat([
      text('fspf/v1/key-slot/passphrase'), header.volumeId, slot.salt,
      be32(slot.memoryKib), be32(slot.iterations), be32(slot.parallelism),
    ]);
    try {
      return open(wrapping, slot.nonce, slot.wrappedKey, aad, 'Key slot');
    } catch (e) {
      if (!(e instanceof Violation)) throw e;
    }
  }
  throw new Violation('No key slot opens with this passphrase');
}

function deriveKeys(header, volumeKey) {
  must(volumeKey.length === 32, 'A volume key has 32 bytes');
  const key = (label) => derive(volumeKey, header.salt, label, header.volumeId);
  must(same(key('fspf/v1/key-commitment'), header.keyCommitment), 'Wrong key');
  return {
    node: key('fspf/v1/metadata-node'),
    commit: key('fspf/v1/metadata-commit'),
    fileKeys: key('fspf/v1/file-keys'),
  };
}

// ---- §5, §6, §7: commits ------------------------------------------------------------------------------

const TAIL_LIMIT = 4194304, SHAPE = 57, DIGEST_FIELD = 14;
const TRAILER = Buffer.from('31465350 46636d74 31'.replaceAll(' ', ''), 'hex');

class Log {
  constructor(file, header, keys) {
    Object.assign(this, { file, header, keys });
  }

  tagOf(frame) {
    return sha256(text('fspf/v1/root-tag\0'), this.header.frame, frame);
  }

  /** The commit whose last byte stands before `end`, or nothing; `digest` says if it is whole. */
  commitBefore(end) {
    const { file } = this;
    const shape = file.subarray(end - SHAPE, end);
    if (shape[0] !== 0x1d || shape[5] !== 0x21 || shape[14] !== 0x2a || shape[15] !== 0x20 ||
        !shape.subarray(48).equals(TRAILER)) return undefined;
    const offset = Number(shape.readBigUInt64LE(6));
    const tailLength = shape.readUInt32LE(1);
    if (offset < this.header.frame.length || offset > end - SHAPE || end - offset > COMMIT_LIMIT ||
        tailLength > TAIL_LIMIT || tailLength > offset) return undefined;
    let found;
    try {
      found = frameAt(file, offset, 0x1a, COMMIT_LIMIT);
    } catch {
      return undefined;
    }
    if (offset + found.frame.length !== end) return undefined;
    const digest = sha256(file.subarray(offset - tailLength, end - SHAPE + DIGEST_FIELD));
    return { ...found, offset, whole: same(digest, shape.subarray(16, 48)) };
  }

  findHead(pinned) {
    for (let end = this.file.length; end >= this.header.frame.length + SHAPE; end--) {
      const commit = this.commitBefore(end);
      if (commit === undefined) continue;
      const tag = this.tagOf(commit.frame);
      if (pinned !== undefined && same(tag, pinned)) return this.openCommit(commit, tag);
      if (commit.whole) {
        must(pinned === undefined, 'The last commit is not the one with the pinned tag');
        return this.openCommit(commit, tag);
      }
    }
    throw new Violation('No whole commit');
  }

  openCommit({ frame, content, offset }, tag) {
    const { header } = this;
    const commit = parse(Commit, content);
    must(commit.tailLength !== undefined, 'A commit without tail_length');
    must(commit.offset === BigInt(offset), 'A commit in another place');
    must(commit.tailLength <= TAIL_LIMIT && commit.tailLength <= offset, 'tail_length');
    must(commit.digest.length === 32 && frame.subarray(-9).equals(TRAILER), 'A commit of another shape');
    const aad = Buffer.concat([text('fspf/v1/commit'), header.digest, be64(offset), be32(commit.tailLength)]);
    const body = parse(CommitBody, this.openBody(commit, this.keys?.commit, aad, 'Commit'));
    must(same(body.volumeId, header.volumeId), 'A commit of another volume');
    must(body.generation >= 1n, 'Generations begin at 1');
    must(body.previousTag.length === (body.generation === 1n ? 0 : 32), 'previous_tag');
    must((body.previousOffset === 0n) === (body.previousLength === 0), 'previous_offset without previous_length');
    if (body.previousLength !== 0) {
      must(body.generation > 1n, 'The first commit has one before it');
      must(body.previousOffset >= BigInt(header.frame.length) && body.previousLength <= COMMIT_LIMIT &&
        body.previousOffset + BigInt(body.previousLength) <= BigInt(offset), 'previous_offset');
    }
    if (body.root) this.checkPointer(body.root, offset);
    for (const count of ['nextInode', 'files', 'directories', 'symlinks', 'bytes']) {
      must(body[count] < 1n << 63n, `Commit: ${count}`);
    }
    must(body.liveNodeBytes <= BigInt(offset), 'live_node_bytes');
    must(body.time === undefined || body.time.nanos < 1e9, 'time.nanos');
    return { ...body, tag, offset };
  }

  openBody(frame, key, aad, what) {
    if (this.header.sealed) return open(key, frame.nonce, frame.body, aad, what);
    must(frame.nonce.length === 0, `${what}: a nonce without a seal`);
    return frame.body;
  }

  checkPointer(pointer, before) {
    must(pointer.digest.length === 32, 'A pointer without a digest');
    must(pointer.length >= 1 && pointer.length <= NODE_LIMIT, 'A pointer to a node of impossible length');
    must(pointer.offset >= BigInt(this.header.frame.length), 'A pointer into the header');
    must(pointer.offset + BigInt(pointer.length) <= BigInt(before), 'A pointer forwards');
  }

  history(head) {
    const all = [head];
    for (let commit = head; commit.previousLength !== 0; ) {
      const offset = Number(commit.previousOffset);
      const found = frameAt(this.file, offset, 0x1a, COMMIT_LIMIT);
      must(found.frame.length === commit.previousLength, 'previous_length');
      const tag = this.tagOf(found.frame);
      must(same(tag, commit.previousTag), 'The commit before has another root tag');
      const before = this.openCommit({ ...found, offset }, tag);
      must(before.generation === commit.generation - 1n, 'Generations do not follow each other');
      all.push(before);
      commit = before;
    }
    return all;
  }

  // ---- §4: nodes --------------------------------------------------------------------------------------

  /** All records below a commit, in the order of their keys. */
  records(head) {
    const records = [];
    const stats = { nodes: 0, levels: 0, bytes: 0n };
    if (head.root) {
      const place = { low: Buffer.alloc(0), high: undefined, level: undefined, generation: head.generation };
      this.walk(head.root, place, records, stats);
    }
    must(stats.bytes === head.liveNodeBytes, 'live_node_bytes is not the sum of the nodes');
    return { records, stats };
  }

  walk(pointer, place, records, stats) {
    const offset = Number(pointer.offset);
    must(offset + pointer.length <= this.file.length, 'A node is cut');
    const stored = Buffer.from(this.file.subarray(offset, offset + pointer.length));
    must(same(sha256(stored), pointer.digest), `Node at ${offset}: another digest`);
    const { frame, content } = frameAt(stored, 0, 0x12, NODE_LIMIT);
    must(frame.length === stored.length, 'More than a frame');
    const node = parse(Node, content);
    const aad = Buffer.concat([text('fspf/v1/node'), this.header.digest, be64(offset)]);
    const body = parse(NodeBody, this.openBody(node, this.keys?.node, aad, 'Node'));
    must(same(body.volumeId, this.header.volumeId), 'A node of another volume');
    must(place.level === undefined ? body.level <= 15 : body.level === place.level - 1, 'A node of another level');
    must(body.generation >= 1n && body.generation <= place.generation, 'A node of another generation');
    stats.nodes++;
    stats.levels = Math.max(stats.levels, body.level + 1);
    stats.bytes += BigInt(pointer.length);
    body.keys.forEach((key, i) => {
      must(key.length <= 512, 'A key is too long');
      must(Buffer.compare(key, place.low) >= 0, 'A key below its bound');
      must(place.high === undefined || Buffer.compare(key, place.high) < 0, 'A key above its bound');
      must(i === 0 || Buffer.compare(body.keys[i - 1], key) < 0, 'Keys are not ascending');
    });
    if (body.level === 0) {
      must(body.keys.length >= 1 && body.values.length === body.keys.length && body.children.length === 0, 'A leaf');
      body.values.forEach((value, i) => {
        must(value.length <= 262144, 'A record is too long');
        records.push([body.keys[i], value]);
      });
      return;
    }
    must(body.children.length >= 1 && body.keys.length === body.children.length - 1 && body.values.length === 0,
      'An inner node');
    must(body.keys.length === 0 || !body.keys[0].equals(place.low), 'A key that is its lower bound');
    body.children.forEach((child, i) => {
      this.checkPointer(child, offset);
      this.walk(child, {
        low: i === 0 ? place.low : body.keys[i - 1],
        high: i === body.keys.length ? place.high : body.keys[i],
        level: body.level,
        generation: body.generation,
      }, records, stats);
    });
  }
}

// ---- §9: records --------------------------------------------------------------------------------------

const KINDS = {
  0x01: 'inodes', 0x02: 'entries', 0x03: 'attributes', 0x04: 'groups', 0x10: 'regions', 0x11: 'pending', 0x12: 'orphans',
};

class Volume {
  constructor(directory, header, keys, head, records) {
    Object.assign(this, { directory, header, keys, head });
    this.inodes = new Map();
    this.entries = new Map();
    this.attributes = new Map();
    this.groups = new Map();
    this.regions = new Map();
    this.pending = [];
    this.orphans = [];
    this.names = new Map();
    for (const [key, value] of records) this.add(key, value);
  }

  add(key, value) {
    must(key.length >= 9, 'A key of a record is too short');
    const inode = key.readBigUInt64BE(0);
    const rest = key.subarray(9);
    const kind = KINDS[key[8]];
    must(kind !== undefined && (inode === 0n) === key[8] >= 0x10, 'A record of an unknown kind');
    must(inode < this.head.nextInode, 'An inode number that was not given out');
    const under = (map) => map.get(inode) ?? map.set(inode, []).get(inode);
    const length = { inodes: 0, groups: 8, regions: 4, pending: 8, orphans: 8 }[kind];
    must(length === undefined || rest.length === length, 'A key of the wrong length');
    switch (kind) {
      case 'inodes': this.inodes.set(inode, this.inode(value)); break;
      case 'entries':
        checkName(rest);
        under(this.entries).push([rest, parse(DirectoryEntry, value)]);
        break;
      case 'attributes':
        must(rest.length > 0, 'An extended attribute without a name');
        under(this.attributes).push([rest, value]);
        break;
      case 'groups': under(this.groups).push([rest.readBigUInt64BE(0), parse(ChunkGroup, value)]); break;
      case 'regions': this.addRegion(rest.readUInt32BE(0), parse(Region, value)); break;
      case 'pending': this.pending.push(parse(PendingHostOperation, value)); break;
      default: this.orphans.push(parse(Orphan, value));
    }
  }

  inode(value) {
    const inode = parse(Inode, value);
    must(inode.type !== 'UNSPECIFIED', 'A file without a type');
    must(inode.mode <= 0o7777, 'A mode with other bits');
    for (const time of ['modified', 'changed', 'accessed', 'created']) {
      must(inode[time] === undefined || inode[time].nanos < 1e9, 'A time with too many nanoseconds');
    }
    return inode;
  }

  addRegion(id, region) {
    must(region.id === id, 'A region under the number of another');
    must(region.protection !== 'UNSPECIFIED' && region.storage !== 'UNSPECIFIED', 'A region of no kind');
    region.names = split(region.path);
    region.isListed = region.protection !== 'not_protected' && region.storage === 'kernel';
    for (const other of this.regions.values()) {
      must(!other.path.equals(region.path), 'Two regions at one embed point');
    }
    this.regions.set(id, region);
  }

  /** Every path of the listed regions with its inode, in the order of the names. */
  list() {
    const all = [];
    const links = new Map();
    const embedded = new Set([...this.regions.values()].map((region) => region.path.toString('hex')));
    for (const region of this.regions.values()) {
      if (!region.isListed) continue;
      must(region.rootInode !== 0n, 'A region without a root directory');
      const visit = (names, number, parent, type) => {
        const inode = this.inodes.get(number);
        must(inode !== undefined, 'A name of a file that is not there');
        must(type === undefined || inode.type === type, 'An entry of another type');
        must(inode.region === region.id, 'A file of another region');
        const count = links.get(number) ?? 0;
        links.set(number, count + 1);
        must(inode.type !== 'directory' || count === 0, 'A directory with two names');
        const full = join(region.names.concat(names));
        if (names.length === 0 || !embedded.has(full.toString('hex'))) {
          all.push({ names: region.names.concat(names), below: names, path: full, number, inode, region });
        }
        if (inode.type !== 'directory') return;
        must(inode.parent === parent, 'A directory below another');
        const entries = this.entries.get(number) ?? [];
        const inner = entries.filter(([, entry]) => entry.type === 'directory').length;
        must(inode.links === 2 + inner, 'Another number of directories');
        for (const [name, entry] of entries) {
          visit(names.concat([name]), entry.inode, number, entry.type);
        }
      };
      must(this.inodes.get(region.rootInode)?.type === 'directory', 'A root that is no directory');
      visit([], region.rootInode, 0n, undefined);
    }
    for (const [number, count] of links) {
      const inode = this.inodes.get(number);
      if (inode.type === 'directory') continue;
      must(inode.links === count, 'Another number of names');
    }
    const orphans = new Set(this.orphans.map((orphan) => orphan.inode));
    for (const number of this.inodes.keys()) {
      const inRegion = [...this.regions.values()].some((region) => region.rootInode === number);
      must(links.has(number) || inRegion || orphans.has(number), 'A file without a name');
    }
    this.checkCounts();
    return all.concat(this.leading(all)).sort((a, b) => compareNames(a.names, b.names));
  }

  checkCounts() {
    const counts = { files: 0n, directories: 0n, symlinks: 0n, bytes: 0n };
    for (const inode of this.inodes.values()) {
      counts[{ file: 'files', directory: 'directories', symlink: 'symlinks' }[inode.type]]++;
      if (inode.type === 'file') counts.bytes = (counts.bytes + inode.size) & ((1n << 63n) - 1n);
    }
    for (const [name, count] of Object.entries(counts)) must(this.head[name] === count, `Another count: ${name}`);
  }

  /** Directories that lead to an embed point and that no region holds. */
  leading(all) {
    const listed = new Set(all.map((entry) => entry.path.toString('hex')));
    const leading = [];
    for (const { names } of this.regions.values()) {
      for (let length = 0; length < names.length; length++) {
        const above = names.slice(0, length);
        const full = join(above);
        const covering = [...this.regions.values()]
          .filter((region) => startsWith(above, region.names))
          .sort((a, b) => b.names.length - a.names.length)[0];
        if (!covering?.isListed || listed.has(full.toString('hex'))) continue;
        listed.add(full.toString('hex'));
        const inode = { type: 'directory', links: 2, mode: 0o555, uid: 0, gid: 0 };
        leading.push({ names: above, path: full, number: 0n, inode });
      }
    }
    return leading;
  }

  // ---- §10: chunks ------------------------------------------------------------------------------------

  content({ number, inode, region, below, path: clear }) {
    must(inode.size < 1n << 63n, 'An impossible size');
    const groups = this.groups.get(number) ?? [];
    const hash = createHash('sha256');
    const what = plain(clear);
    if (inode.integrity === 'UNSPECIFIED') {
      must(groups.length === 0, `${what}: chunks of a file that has none`);
      must(BigInt(inode.inline.length) === inode.size, `${what}: inline content of another size`);
      return hash.update(inode.inline).digest('hex');
    }
    must(inode.inline.length === 0, `${what}: inline content of a file with chunks`);
    const encrypted = region.protection === 'encrypted';
    must(encrypted === inode.integrity.startsWith('gcm'), `${what}: an integrity of another protection`);
    must(inode.chunkSize >= 4096 && inode.chunkSize <= 16777216 && (inode.chunkSize & (inode.chunkSize - 1)) === 0,
      `${what}: an impossible chunk size`);
    must(inode.fileId.length === 16, `${what}: a file id has 16 bytes`);
    const chunks = this.chunks(inode, groups, encrypted, what);
    const key = this.chunkKey(inode, what);
    const host = this.hostContent(inode, region, below, encrypted, what);
    const size = Number(inode.size);
    const count = Math.ceil(size / inode.chunkSize);
    must(!encrypted || inode.objectSize === chunks.end, `${what}: another object size`);
    for (let i = 0; i < count; i++) {
      const length = Math.min(inode.chunkSize, size - i * inode.chunkSize);
      const chunk = chunks.get(i);
      const at = encrypted && chunk ? Number(chunk.slot) * inode.chunkSize : i * inode.chunkSize;
      const stored = chunk || !encrypted ? Buffer.from(host.subarray(at, at + length)) : Buffer.alloc(length);
      must(stored.length === length, `${what}: chunk ${i} is cut`);
      hash.update(chunk ? this.openChunk(inode, region, key, i, stored, chunk.record, what) : Buffer.alloc(length));
    }
    return hash.digest('hex');
  }

  chunks(inode, groups, encrypted, what) {
    const size = { sha256: 32, gmac: 28, gcm: 28, gcm_sha256: 60 }[inode.integrity];
    const chunks = new Map();
    const slots = new Set();
    chunks.end = 0n;
    for (const [group, { present, records, slots: given }] of groups) {
      must(present.length >= 1 && present.length <= 8 && present[present.length - 1] !== 0, `${what}: present`);
      const indexes = [];
      for (let i = 0; i < present.length * 8; i++) {
        if (present[i >> 3] & (1 << (i & 7))) indexes.push(group * 64n + BigInt(i));
      }
      must(records.length === indexes.length * size, `${what}: records`);
      must(given.length === 0 || (encrypted && given.length === indexes.length), `${what}: slots`);
      indexes.forEach((index, n) => {
        must(index * BigInt(inode.chunkSize) < inode.size, `${what}: a chunk behind the end`);
        const slot = given.length === 0 ? index : given[n];
        must(!slots.has(slot), `${what}: two chunks in one slot`);
        slots.add(slot);
        const left = inode.size - index * BigInt(inode.chunkSize);
        const length = left < BigInt(inode.chunkSize) ? left : BigInt(inode.chunkSize);
        const end = slot * BigInt(inode.chunkSize) + length;
        if (end > chunks.end) chunks.end = end;
        chunks.set(Number(index), { slot, record: records.subarray(n * size, (n + 1) * size) });
      });
    }
    return chunks;
  }

  chunkKey(inode, what) {
    if (inode.integrity === 'sha256') {
      must(inode.fileKey.length === 0, `${what}: a key where none is used`);
      return undefined;
    }
    let fileKey = inode.fileKey;
    if (this.header.sealed) {
      must(fileKey.length === 60, `${what}: a wrapped file key has 60 bytes`);
      const aad = Buffer.concat([text('fspf/v1/file-key'), inode.fileId, be32(inode.keyEpoch), be32(number(inode))]);
      fileKey = open(this.keys.fileKeys, fileKey.subarray(0, 12), fileKey.subarray(12), aad, `${what}: file key`);
    }
    must(fileKey.length === 32, `${what}: a file key has 32 bytes`);
    const label = inode.integrity === 'gmac' ? 'fspf/v1/chunk/gmac' : 'fspf/v1/chunk/gcm';
    return derive(fileKey, inode.fileId, label, be32(inode.keyEpoch));
  }

  hostContent(inode, region, below, encrypted, what) {
    const root = path.resolve(this.directory, region.hostDirectory.toString('utf8'));
    if (!encrypted) {
      const host = readHost(root, this.hostName(region, root, below));
      must(host !== undefined && BigInt(host.length) === inode.size, `${what}: the host file has another size`);
      return host;
    }
    const name = inode.fileId.toString('hex') + (inode.keyEpoch === 0 ? '' : `-${inode.keyEpoch}`);
    const host = readHost(root, ['objects', name.slice(0, 2), name].map(text));
    if (inode.objectSize === 0n) {
      must(host === undefined || this.head.openForWriting, `${what}: an object that should not be`);
      return Buffer.alloc(0);
    }
    must(host !== undefined, `${what}: its object is missing`);
    must(this.head.openForWriting || BigInt(host.length) === inode.objectSize, `${what}: an object of another size`);
    return host;
  }

  /** Where the content of a path stands while what the last commit decided may not be carried out yet. */
  hostName(region, root, below) {
    let name = join(below);
    for (let i = this.pending.length - 1; i >= 0; i--) {
      const operation = this.pending[i];
      if (operation.region !== region.id) continue;
      const { publish, rename } = operation;
      const [from, to] = publish ? [publish.staged, publish.path] : rename ? [rename.from, rename.to] : [];
      if (to === undefined) continue;
      const inside = name.equals(to) || name.subarray(0, to.length + 1).equals(Buffer.concat([to, text('/')]));
      if (inside && exists(root, split(from))) name = Buffer.concat([from, name.subarray(to.length)]);
    }
    return split(name);
  }

  openChunk(inode, region, key, index, stored, record, what) {
    const place = Buffer.alloc(64);
    text('fspf/v1/chunk').copy(place);
    place[16] = number(inode);
    place.writeUInt32BE(region.id, 20);
    inode.fileId.copy(place, 24);
    place.writeUInt32BE(inode.integrity === 'sha256' ? 0 : inode.keyEpoch, 40);
    place.writeBigUInt64BE(BigInt(index), 44);
    place.writeUInt32BE(stored.length, 52);
    const where = `${what} at offset ${index * inode.chunkSize}`;
    switch (inode.integrity) {
      case 'sha256':
        must(same(sha256(place, stored), record), `${where}: another digest`);
        return stored;
      case 'gmac':
        open(key, record.subarray(0, 12), record.subarray(12), Buffer.concat([place, stored]), where);
        return stored;
      default:
        must(inode.integrity === 'gcm' || same(sha256(place, stored), record.subarray(28)), `${where}: another digest`);
        return open(key, record.subarray(0, 12), Buffer.concat([stored, record.subarray(12, 28)]), place, where);
    }
  }
}

const number = (inode) => ['', 'sha256', 'gmac', 'gcm', 'gcm_sha256'].indexOf(inode.integrity);

function hostPath(root, names) {
  return Buffer.concat([Buffer.from(root), ...names.flatMap((name) => [text('/'), name])]);
}

function exists(root, names) {
  return fs.lstatSync(hostPath(root, names), { throwIfNoEntry: false }) !== undefined;
}

/** A regular file of the host, whole; nothing where there is none. No link on the way is followed. */
function readHost(root, names) {
  for (let i = 1; i < names.length; i++) {
    const stat = fs.lstatSync(hostPath(root, names.slice(0, i)), { throwIfNoEntry: false });
    if (stat === undefined || !stat.isDirectory()) return undefined;
  }
  const file = hostPath(root, names);
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() ? fs.readFileSync(file) : undefined;
}

// ---- names --------------------------------------------------------------------------------------------

function checkName(name) {
  must(name.length >= 1 && name.length <= 255 && !name.includes(0) && !name.includes(0x2f), 'An impossible name');
  must(!name.equals(text('.')) && !name.equals(text('..')), 'A name with a meaning of its own');
}

function split(full) {
  must(full.length >= 1 && full[0] === 0x2f, 'A path that is not absolute');
  const names = [];
  for (let at = 1; at < full.length; ) {
    const next = full.indexOf(0x2f, at);
    const end = next < 0 ? full.length : next;
    names.push(full.subarray(at, end));
    checkName(names[names.length - 1]);
    must(end + 1 !== full.length, 'A path that ends with a slash');
    at = end + 1;
  }
  return names;
}

const join = (names) => (names.length === 0 ? text('/') : Buffer.concat(names.flatMap((name) => [text('/'), name])));

const startsWith = (names, prefix) => prefix.every((name, i) => i < names.length && name.equals(names[i]));

function compareNames(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = Buffer.compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

// ---- output -------------------------------------------------------------------------------------------

const plain = (b) =>
  Array.from(b, (c) => (c > 32 && c < 127 && !'%"\\'.includes(String.fromCharCode(c))
    ? String.fromCharCode(c)
    : '%' + c.toString(16).toUpperCase().padStart(2, '0'))).join('');
const quote = (s) => `"${s}"`;
const object = (fields) =>
  '{' + fields.filter(([, value]) => value !== undefined).map(([name, value]) => `"${name}":${value}`).join(',') + '}';
const array = (elements) => '[\n' + elements.join(',\n') + '\n]';
const nanos = (time) => quote(String((time?.seconds ?? 0n) * 1000000000n + BigInt(time?.nanos ?? 0)));

function describeEntry(volume, entry) {
  const { inode } = entry;
  const file = inode.type === 'file';
  return object([
    ['path', quote(plain(entry.path))],
    ['kind', quote(inode.type)],
    ['size', file ? inode.size : undefined],
    ['sha256', file ? quote(volume.content(entry)) : undefined],
    ['target', inode.type === 'symlink' ? quote(plain(inode.target)) : undefined],
    ['inode', entry.number],
    ['links', inode.links],
    ['mode', quote(inode.mode.toString(8).padStart(4, '0'))],
    ['uid', inode.uid],
    ['gid', inode.gid],
    ['modified', nanos(inode.modified)],
    ['changed', nanos(inode.changed)],
    ['accessed', nanos(inode.accessed)],
    ['created', nanos(inode.created)],
    ['xattrs', object((volume.attributes.get(entry.number) ?? [])
      .map(([name, value]) => [plain(name), quote(value.toString('hex'))]))],
  ]);
}

function describe(volume, history) {
  const { head, header } = volume;
  const regions = [...volume.regions.values()].sort((a, b) => compareNames(a.names, b.names));
  return '{\n' + [
    ['rootTag', quote(head.tag.toString('hex'))],
    ['volumeId', quote(header.volumeId.toString('hex'))],
    ['generation', head.generation],
    ['keyed', header.sealed],
    ['files', head.files],
    ['directories', head.directories],
    ['symlinks', head.symlinks],
    ['bytes', head.bytes],
    ['regions', array(regions.map((region) => object([
      ['path', quote(plain(region.path))],
      ['protection', quote(region.protection)],
      ['storage', quote(region.storage)],
      ['hostDirectory', region.storage === 'kernel' ? quote(plain(region.hostDirectory)) : undefined],
      ['integrity', region.isListed ? quote(region.integrity) : undefined],
      ['chunkSize', region.isListed ? region.chunkSize : undefined],
    ])))],
    ['history', array(history.map((commit) => object([
      ['generation', commit.generation],
      ['rootTag', quote(commit.tag.toString('hex'))],
    ])))],
    ['entries', array(volume.list().map((entry) => describeEntry(volume, entry)))],
  ].map(([name, value]) => `"${name}":${value}`).join(',\n') + '\n}\n';
}

function main(args) {
  const options = {};
  while (args.length > 1) options[args.shift()] = args.shift();
  const directory = args[0];
  const file = fs.readFileSync(path.join(directory, 'fspf.pb'));
  const header = readHeader(file);
  const given = options['--key'] ?? options['--passphrase'];
  must(header.sealed === (given !== undefined), header.sealed ? 'A key is needed' : 'A key for a volume without one');
  let keys;
  if (header.sealed) {
    const content = fs.readFileSync(given, 'utf8').replace(/\r?\n$/, '');
    keys = deriveKeys(header, options['--key'] ? Buffer.from(content, 'hex') : fromPassphrase(header, content));
  }
  const log = new Log(file, header, keys);
  const head = log.findHead(options['--tag'] === undefined ? undefined : Buffer.from(options['--tag'], 'hex'));
  const history = log.history(head);
  const { records, stats } = log.records(head);
  const volume = new Volume(directory, header, keys, head, records);
  process.stdout.write(describe(volume, history));
  process.stderr.write(`${stats.levels} levels, ${stats.nodes} nodes, ${history.length} commits\n`);
}

try {
  main(process.argv.slice(2));
} catch (e) {
  if (!(e instanceof Violation)) throw e;
  process.stderr.write(`refused: ${e.message}\n`);
  process.exitCode = 1;
}
