/**
 * The WebAssembly instructions that the programs here use, under the names and with the opcodes of the specification (core 3.0,
 * section 5.4, and its index of instructions). An instruction is the bytes it is encoded as.
 */
export type Code = readonly number[]

/** LEB128, unsigned (section 5.2.2). */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128, signed. */
function signed(value: number): Code {
  const last = value >= -0x40 && value < 0x40
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}

const plain = (opcode: number): Code => [opcode]
/** Vector instructions stand behind a prefix byte. */
const vector = (opcode: number, ...immediates: Code): Code => [0xfd, ...unsigned(opcode), ...immediates]
/** Alignment as a power of two, then the offset that is added to the address. */
const memory = (alignment: number, offset: number): Code => [alignment, ...unsigned(offset)]

const emptyType = 0x40
const end = 0x0b

/** `br` out of the innermost block is depth 0. A branch to a block leaves it, a branch to a loop begins it anew. */
export const control = {
  block: (...body: Code[]): Code => [0x02, emptyType, ...body.flat(), end],
  loop: (...body: Code[]): Code => [0x03, emptyType, ...body.flat(), end],
  if: (...body: Code[]): Code => [0x04, emptyType, ...body.flat(), end],
  br: (depth: number): Code => [0x0c, ...unsigned(depth)],
  brIf: (depth: number): Code => [0x0d, ...unsigned(depth)],
  end: plain(end),
}

export const local = {
  get: (index: number): Code => [0x20, ...unsigned(index)],
  set: (index: number): Code => [0x21, ...unsigned(index)],
  tee: (index: number): Code => [0x22, ...unsigned(index)],
}

export const i32 = {
  type: 0x7f,
  const: (value: number): Code => [0x41, ...signed(value)],
  load16Unsigned: (offset: number): Code => [0x2f, ...memory(1, offset)],
  store: (offset: number): Code => [0x36, ...memory(2, offset)],
  geUnsigned: plain(0x4f),
  add: plain(0x6a),
  shl: plain(0x74),
  shrUnsigned: plain(0x76),
}

export const v128 = {
  type: 0x7b,
  load: (offset: number): Code => vector(0, ...memory(4, offset)),
  and: vector(78),
}

export const i8x16 = { popcnt: vector(98), add: vector(110) }
export const i16x8 = { extaddPairwiseI8x16Unsigned: vector(125) }
export const i32x4 = { extaddPairwiseI16x8Unsigned: vector(127), extractLane: (lane: number): Code => vector(27, lane) }
