import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys } from '../keys.ts'
import { judge } from '../report.ts'
import { keyFile, logKey, origin, uuid } from '../testing/write-bundle.ts'
import { type Exported, writeVault } from '../testing/write-vault.ts'
import { verifyVault } from './verify.ts'

const whole = writeVault({ subjects: 4, blocks: 5, covered: 2 })
type Change = (vault: { lines: Exported[]; heads: typeof whole.heads; header: Record<string, unknown> }) => unknown

const check = (change: Change = () => {}, keyText = keyFile, withLog = true, erased?: number) => {
  const vault = structuredClone({ lines: whole.lines, heads: whole.heads, header: whole.header })
  change(vault)
  return judge(async (run) => {
    async function* lines() {
      for (const [at, line] of [vault.header, ...vault.lines].entries()) yield { text: JSON.stringify(line), place: `vault.ndjson line ${at + 1}` }
    }
    const keys = await readKeys(keyText, nodeCryptography)
    await verifyVault(run, {
      lines: lines(),
      heads: withLog ? vault.heads : undefined,
      erased,
      origin,
      keys,
      policy: noWitnesses,
      cryptography: nodeCryptography,
    })
  })
}
const faults = async (change: Change) => (await check(change)).checks.filter(({ verdict }) => verdict === 'bad').map(({ place, text }) => `${place} ${text}`)

describe('an export of the vault is refused', () => {
  it.each<[string, RegExp, Change]>([
    ['with a dropped block', /line 4 .*does not follow/, ({ lines }) => lines.splice(2, 1)],
    ['with a dropped first block', /line 2 .*does not begin/, ({ lines }) => lines.shift()],
    ['with a cut end', /line 2 .*states 5 blocks of .* has 4: its end was cut off/, ({ lines }) => lines.splice(4, 1)],
    ['with a dropped chain', /the whole chain is gone/, ({ lines }) => lines.splice(5, 5)],
    ['with swapped blocks', /line 4 .*does not follow/, ({ lines }) => lines.splice(2, 2, lines[3]!, lines[2]!)],
    ['with a doubled block', /line 4 .*does not follow/, ({ lines }) => lines.splice(2, 0, lines[1]!)],
    ['with a block of another person', /line 7 .*does not begin|was ended above/, ({ lines }) => lines.splice(5, 0, lines[17]!)],
    ['with a block under another person', /line 3 .*signature is wrong/, ({ lines }) => (lines[1]!.user_id = uuid(1, 2))],
    ['with a block of another tenant', /line 7 .*signature is wrong/, ({ lines }) => lines.splice(5, 0, { ...whole.foreign, user_id: uuid(1, 0) })],
    ['with a foreign chain', /line 22 .*signature is wrong/, ({ lines }) => lines.push(whole.foreign)],
    ['with a chain that is torn', /line 21 .*was ended above/, ({ lines }) => lines.push(...lines.splice(4, 1))],
    ['with changed content', /line 3 .*hash is not that of encrypted_data/, ({ lines }) => (lines[1]!.encrypted_data = lines[2]!.encrypted_data)],
    ['with another head than the log states', /another head than entry/, ({ heads }) => (heads[0] = { ...heads[0]!, head: 'ab'.repeat(32) })],
    ['with an unknown member', /line 2 .*is no member/, ({ lines }) => Object.assign(lines[0]!, { note: 'trust me' })],
    ['with the checkpoint of another log', /line 1 /, ({ header }) => (header.checkpoint = (header.checkpoint as string).replace(origin, 'other'))],
  ])('%s', async (_, words, change) => {
    const found = await faults(change)
    expect(
      found.some((line) => words.test(line)),
      found.join('\n'),
    ).toBe(true)
  })

  it('after any flipped bit of a block, at its line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.lines.length - 1),
        fc.constantFrom(...(Object.keys(whole.lines[0]!) as (keyof Exported)[])),
        fc.nat(),
        fc.nat(6),
        async (at, name, seed, bit) => {
          if (name === 'readable') return
          const report = await check(({ lines }) => {
            const text = lines[at]![name] as string
            const place = seed % text.length
            ;(lines[at] as unknown as Record<string, unknown>)[name] =
              text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ (1 << bit)) + text.slice(place + 1)
          })
          expect(report.verdict).toBe('bad')
          expect(report.checks.filter(({ verdict }) => verdict === 'bad').map(({ place }) => /^vault\.ndjson line \d+/.exec(place)?.[0])).toContain(
            `vault.ndjson line ${at + 2}`,
          )
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('it cannot be told', () => {
  it('without the log, without the key of the vault, and for another format', async () => {
    expect(await check(undefined, keyFile, false)).toMatchObject({ verdict: 'cannot_tell' })
    expect(await check(undefined, logKey)).toMatchObject({ verdict: 'cannot_tell' })
    expect(await check(({ header }) => (header.format = 'gatehouse-vault/v9'))).toMatchObject({ verdict: 'cannot_tell' })
  })
  it('where blocks are newer than the log', async () => {
    const report = await check(({ heads }) => heads.splice(4))
    expect(report.checks.at(-1)).toMatchObject({ verdict: 'cannot_tell', text: expect.stringContaining('fetch a newer one') })
  })
})

describe('an export is good', () => {
  it('whole, and with chains that grew after it', async () => {
    expect((await check()).checks.filter(({ verdict }) => verdict !== 'good')).toEqual([])
    const later = ({ heads }: Parameters<Change>[0]) => heads.push({ ...heads[4]!, blocks: 9, entry: 7 })
    expect(await check(later)).toMatchObject({ verdict: 'good' })
  })
  it('with blocks whose key was destroyed, which it says', async () => {
    const report = await check(({ lines }) => {
      for (const line of lines.slice(0, 5)) line.readable = false
    })
    expect(report.verdict).toBe('good')
    expect(report.checks.map(({ text }) => text)).toContain('5 of them are intact, unreadable: the keys were destroyed, says the exporter')
  })
  it('with unreadable blocks only as far as the log tells of erased people', async () => {
    const unreadable = ({ lines }: Parameters<Change>[0]) => {
      for (const line of lines.slice(0, 5)) line.readable = false
    }
    expect(await check(unreadable, keyFile, true, 1)).toMatchObject({ verdict: 'good' })
    expect(await check(unreadable, keyFile, true, 0)).toMatchObject({ verdict: 'cannot_tell' })
  })
})
