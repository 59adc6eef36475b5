/** A log whose key was changed, followed by a reader who knows only the first key. */
import { toBase64 } from '@gatehouse/crypto/bytes'
import { nodeSigner } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys } from '../keys.ts'
import { judge, type Report } from '../report.ts'
import { logKey, logSigner, origin } from '../testing/write-bundle.ts'
import { bodiesNaming, naming, signed, successionHeader, vkeyOf } from '../testing/write-rotation.ts'
import { sourceOf, writeTiles } from '../testing/write-tiles.ts'
import { verifyLog } from './verify.ts'

const [second, third, thief] = [2, 3, 9].map((seed) => nodeSigner(new Uint8Array(32).fill(seed))) as [Signer, Signer, Signer]
/** Ten entries; those at the given places name a key. */
const logOf = (named: Record<number, object>, ...signers: Signer[]) => writeTiles(bodiesNaming(10, named), ...signers)
async function check(files: ReturnType<typeof logOf>, keyText = logKey): Promise<Report> {
  const keys = await readKeys(keyText, nodeCryptography)
  return judge(async (run) => {
    await verifyLog(run, { source: sourceOf(files), keys, policy: noWitnesses, cryptography: nodeCryptography })
  })
}
const texts = (report: Report) => report.checks.map(({ text }) => text).join('\n')

describe('a new key is not followed', () => {
  const old = vkeyOf(logSigner)
  const stranger = vkeyOf(thief, 'gatehouse/another')
  it.each<[string, object, string]>([
    ['that a stranger’s key named', naming(thief, second), 'cannot_tell'],
    [
      'that a stranger signed in the name of the old one',
      { ...naming(logSigner, thief), endorsement: signed(thief, successionHeader, old, vkeyOf(thief)) },
      'bad',
    ],
    ['that was exchanged', { ...naming(logSigner, second), vkey: vkeyOf(thief) }, 'bad'],
    ['of another log', { old_vkey: old, vkey: stranger, endorsement: signed(logSigner, successionHeader, old, stranger) }, 'cannot_tell'],
    [
      'by a signature over something else',
      { ...naming(logSigner, thief), endorsement: signed(logSigner, 'gatehouse/key-succession/v9', old, vkeyOf(thief)) },
      'bad',
    ],
    ['by the signature of a checkpoint', { ...naming(logSigner, thief), endorsement: signed(logSigner, origin, '10', toBase64(new Uint8Array(32))) }, 'bad'],
    ['by no signature', { old_vkey: old, vkey: vkeyOf(thief) }, 'bad'],
    ['by a cut signature', { ...naming(logSigner, thief), endorsement: toBase64(new Uint8Array(63)) }, 'bad'],
    ['that is no key', { ...naming(logSigner, thief), vkey: `${origin}+00000000+AAAA` }, 'bad'],
  ])('%s', async (_name, details, verdict) => {
    expect((await check(logOf({ 4: details }, thief))).verdict).toBe(verdict)
  })

  it('where the log was changed on the way', async () => {
    const files = logOf({ 4: naming(logSigner, second) }, second)
    const [name, bytes] = [...files].find(([path]) => path.startsWith('tile/entries/')) as [string, Uint8Array]
    files.set(
      name,
      bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
    )
    expect((await check(files)).verdict).toBe('bad')
  })
})

it('an old key vouches for nothing behind the entry that put it out of use', async () => {
  const report = await check(logOf({ 4: naming(logSigner, second) }, logSigner))
  expect(report.verdict).toBe('bad')
  expect(texts(report)).toContain('signed by a key that entry 4 put out of use')
  expect((await check(logOf({ 4: naming(logSigner, second) }, logSigner), `${logKey}\n${vkeyOf(second)}`)).verdict).toBe('bad')
})

it('the new key is followed by whoever knows only the first, over two changes, and said', async () => {
  const twice = logOf({ 4: naming(logSigner, second), 7: naming(second, third) }, third)
  const report = await check(twice)
  expect([report.verdict, texts(report)]).toEqual(['good', expect.stringContaining(vkeyOf(third))])
  // Whoever knows only the second follows from there; whoever knows none of them cannot tell.
  expect((await check(twice, vkeyOf(second))).verdict).toBe('good')
  expect((await check(twice, vkeyOf(thief))).verdict).toBe('cannot_tell')
})

it('both may sign for a while', async () => {
  const both = logOf({ 4: naming(logSigner, second) }, logSigner, second)
  for (const keyText of [logKey, vkeyOf(second), `${logKey}\n${vkeyOf(second)}`]) expect((await check(both, keyText)).verdict).toBe('good')
})
