import { utf8Text } from '@gatehouse/crypto/bytes'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys, type TrustedKey } from '../keys.ts'
import { judge } from '../report.ts'
import { logKey, strangersKeyFile } from '../testing/write-bundle.ts'
import { writeLog } from '../testing/write-log.ts'
import { verifyProof } from './verify.ts'

const log = writeLog(700)
const file = (index: number, from = log) => {
  const { proof, checkpoint } = from.inclusion(index)
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${proof.join('\n')}\n\n${checkpoint}`
}
const entryAt = (index: number) => Buffer.from(log.inclusion(index).body, 'base64')
let keys: TrustedKey[]
beforeAll(async () => {
  keys = await readKeys(logKey, nodeCryptography)
})
const check = (proof: string, entry: Uint8Array, more: { keys?: TrustedKey[]; raw?: boolean } = {}) =>
  judge(async (run) => {
    await verifyProof(run, { proof, entry, keys, policy: noWitnesses, cryptography: nodeCryptography, ...more })
  })
const good = file(300)

describe('a proof file is refused', () => {
  it.each<[string, string, string]>([
    ['without the line between proof and checkpoint', 'proof line 13', good.replace('\n\n', '\n')],
    ['with an index that is none', 'proof line 2', good.replace('index 300', 'index 0300')],
    ['with another index', 'proof', good.replace('index 300', 'index 301')],
    ['with an index past the log', 'proof', good.replace('index 300', 'index 700')],
    ['with a hash that is none', 'proof line 3', good.replace(/\n[^\n]{43}=/, '\nAAAA')],
    ['without a hash', 'proof', good.replace(/\n[^\n]{43}=\n/, '\n')],
    ['with one hash more', 'proof', good.replace(/\n([^\n]{43}=)\n/, '\n$1\n$1\n')],
    ['with more hashes than any tree needs', 'proof', good.replace(/\n([^\n]{43}=)\n/, `\n${'$1\n'.repeat(64)}`)],
    ['with extra data that is none', 'proof line 2', good.replace('\nindex', '\nextra ?\nindex')],
    ['with the checkpoint of another size', 'proof checkpoint', good.replace('\n700\n', '\n701\n')],
    ['under the checkpoint of another log of the same key', 'proof', good.slice(0, good.indexOf('\n\n') + 2) + writeLog(700, 1).checkpoint],
    ['under no checkpoint', 'proof checkpoint', good.slice(0, good.indexOf('\n\n') + 2)],
  ])('%s', async (_, place, proof) => {
    const report = await check(proof, entryAt(300))
    expect(report.checks.filter(({ verdict }) => verdict === 'bad').map((line) => line.place)).toEqual([place])
  })
  it('with another entry, and with one that is no entry of Gatehouse', async () => {
    expect(await check(good, entryAt(299))).toMatchObject({ verdict: 'bad' })
    expect(await check(good, Buffer.concat([entryAt(300), Buffer.from('\n')]))).toMatchObject({ verdict: 'bad' })
  })
  it('after any flipped bit', async () => {
    const bytes = Buffer.from(good)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const text = utf8Text(bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))
        if (text !== undefined) expect((await check(text, entryAt(300))).verdict).not.toBe('good')
      }),
      { numRuns: 200 },
    )
  })
})

it('cannot be told where the format or the signer is unknown', async () => {
  expect(await check('hello', entryAt(300))).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check(good, entryAt(300), { keys: await readKeys(strangersKeyFile, nodeCryptography) })).toMatchObject({ verdict: 'cannot_tell' })
})

it('is good for every place of a log, with extra data too', async () => {
  for (const index of [0, 1, 255, 256, 300, 511, 699]) expect(await check(file(index), entryAt(index)), String(index)).toMatchObject({ verdict: 'good' })
  expect(await check(good.replace('\nindex', '\nextra aGVsbG8=\nindex'), entryAt(300))).toMatchObject({ verdict: 'good' })
})
