import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { describe, expect, it } from 'vitest'
import { sha256 } from './testing/tile-store.ts'
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts'

const hash = sha256(utf8('one'))
const checkpoint = 'log.example\n3\nabc\n\n— log.example abc\n'
const file = formatTlogProof({ index: 2, proof: [hash, hash], checkpoint, extra: utf8('where') })

describe('a file with a proof', () => {
  it.each([
    ['another first line', file.replace('@v1', '@v2')],
    ['no index', file.replace('index 2\n', '')],
    ['an index with a leading zero', file.replace('index 2', 'index 02')],
    ['an index that is no number', file.replace('index 2', 'index -1')],
    ['an index that a number cannot hold', file.replace('index 2', 'index 9007199254740993')],
    ['a hash that is too short', file.replace(toBase64(hash), toBase64(hash.subarray(1)))],
    ['a hash that is not base64', file.replace(toBase64(hash), '*')],
    ['extra data that is not base64', file.replace(toBase64(utf8('where')), '*')],
    ['extra data behind the index', file.replace(/extra (.*)\n(index 2)\n/, '$2\nextra $1\n')],
    ['no blank line', file.replace('\n\n', '\n')],
    ['more hashes than a tree is high', formatTlogProof({ index: 2, proof: Array.from({ length: 64 }, () => hash), checkpoint })],
  ])('is refused with %s', (_, text) => {
    expect(parseTlogProof(text)).toBeUndefined()
  })
  it('is written line by line as the standard says, and read again', () => {
    const b64 = toBase64(hash)
    expect(file).toBe(`c2sp.org/tlog-proof@v1\nextra d2hlcmU=\nindex 2\n${b64}\n${b64}\n\n${checkpoint}`)
    expect(parseTlogProof(file)).toEqual({ index: 2, proof: [hash, hash], checkpoint, extra: utf8('where') })
    expect(formatTlogProof({ index: 0, proof: [], checkpoint })).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`)
    expect(parseTlogProof(formatTlogProof({ index: 0, proof: [], checkpoint }))).toEqual({ index: 0, proof: [], checkpoint })
  })
})
