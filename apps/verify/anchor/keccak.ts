/** Keccak-256 as Ethereum uses it (the submission of 2011, padding 0x01), written from FIPS 202 section 3 with that padding. */

const mask = 2n ** 64n - 1n
const rate = 136

const turn = (lane: bigint, by: number): bigint => (by === 0 ? lane : ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & mask)

/** The constants of ι by the shift register of section 3.2.5. */
function roundConstants(): bigint[] {
  const constants: bigint[] = []
  let register = 1
  for (let round = 0; round < 24; round++) {
    let constant = 0n
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) constant |= 1n << BigInt(2 ** bit - 1)
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0)
    }
    constants.push(constant)
  }
  return constants
}

const constants = roundConstants()

/** θ, ρ and π, χ, ι, twenty-four times; lanes[x + 5y]. */
function permute(lanes: bigint[]): void {
  for (const constant of constants) {
    const columns = [0, 1, 2, 3, 4].map((x) => [0, 1, 2, 3, 4].reduce((sum, y) => sum ^ (lanes[x + 5 * y] as bigint), 0n))
    for (let x = 0; x < 5; x++) {
      const change = (columns[(x + 4) % 5] as bigint) ^ turn(columns[(x + 1) % 5] as bigint, 1)
      for (let y = 0; y < 5; y++) lanes[x + 5 * y] = (lanes[x + 5 * y] as bigint) ^ change
    }
    let [x, y] = [1, 0]
    let moved = lanes[1] as bigint
    for (let t = 0; t < 24; t++) {
      ;[x, y] = [y, (2 * x + 3 * y) % 5]
      const next = lanes[x + 5 * y] as bigint
      lanes[x + 5 * y] = turn(moved, (((t + 1) * (t + 2)) / 2) % 64)
      moved = next
    }
    for (let row = 0; row < 25; row += 5) {
      const before = lanes.slice(row, row + 5)
      for (let at = 0; at < 5; at++) lanes[row + at] = (before[at] as bigint) ^ (~(before[(at + 1) % 5] as bigint) & mask & (before[(at + 2) % 5] as bigint))
    }
    lanes[0] = (lanes[0] as bigint) ^ constant
  }
}

export function keccak256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / rate) + 1) * rate)
  padded.set(data)
  padded[data.length] = 0x01
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80
  const view = new DataView(padded.buffer)
  const lanes = Array<bigint>(25).fill(0n)
  for (let block = 0; block < padded.length; block += rate) {
    for (let lane = 0; lane < rate / 8; lane++) lanes[lane] = (lanes[lane] as bigint) ^ view.getBigUint64(block + lane * 8, true)
    permute(lanes)
  }
  const result = new DataView(new ArrayBuffer(32))
  for (let lane = 0; lane < 4; lane++) result.setBigUint64(lane * 8, lanes[lane] as bigint, true)
  return new Uint8Array(result.buffer)
}
