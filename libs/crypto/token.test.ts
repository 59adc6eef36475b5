import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import { nodePrimitives } from './node.ts'
import { issueToken, parseToken, tokenHash } from './token.ts'

describe('parseToken refuses', () => {
  const { token } = issueToken(nodePrimitives, 'gh1_')
  it.each([
    ['nothing', ''],
    ['the bare prefix', 'gh1_'],
    ['one letter more', `${token}A`],
    ['one letter less', token.slice(0, -1)],
    ['another prefix', token.replace('gh1_', 'ghs_')],
    ['spaces around', ` ${token.slice(1)}`],
    ['a foreign letter', `${token.slice(0, -2)}+A`],
    ['spare bits that are not zero', `gh1_${'A'.repeat(42)}B`],
    ['padding', `gh1_${'A'.repeat(42)}=`],
  ])('%s', (_, text) => {
    expect(parseToken(text, 'gh1_')).toBeUndefined()
  })
})

describe('issueToken', () => {
  it.each([
    ['gh1_', 47],
    ['ghk_', 36],
    ['ghs_', 47],
    ['ghi_', 47],
    ['gh_first_', 52],
  ] as const)('gives %s a text of %i letters that parses and whose hash is of the text', (prefix, length) => {
    const { token, hash } = issueToken(nodePrimitives, prefix)
    expect(token).toHaveLength(length)
    expect(parseToken(token, prefix)).toBe(token)
    expect(toHex(hash)).toBe(createHash('sha256').update(token).digest('hex'))
    expect(tokenHash(nodePrimitives, token)).toEqual(hash)
  })
  it('writes the bytes it was given', () => {
    expect(issueToken({ ...nodePrimitives, randomBytes: (length) => new Uint8Array(length).fill(0xff) }, 'ghk_').token).toBe(`ghk_${'_'.repeat(32)}`)
  })
})
