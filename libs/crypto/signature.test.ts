import { describe, expect, it } from 'vitest'
import { utf8 } from './bytes.ts'
import { nodeSigner, nodeVerify } from './node.ts'
import { signIn, verifyIn } from './signature.ts'

const signer = nodeSigner(new Uint8Array(32).fill(3))

describe('a signature', () => {
  const signature = signIn(signer, 'gatehouse/a/v1', 'text')
  it('is none in another domain, of another text, or by another key', () => {
    expect(verifyIn(nodeVerify, signer.publicKey, 'gatehouse/b/v1', 'text', signature)).toBe(false)
    expect(verifyIn(nodeVerify, signer.publicKey, 'gatehouse/a/v1', 'texts', signature)).toBe(false)
    expect(verifyIn(nodeVerify, nodeSigner(new Uint8Array(32)).publicKey, 'gatehouse/a/v1', 'text', signature)).toBe(false)
  })
  it('covers domain, line feed and message, whether text or bytes', () => {
    expect(verifyIn(nodeVerify, signer.publicKey, 'gatehouse/a/v1', utf8('text'), signature)).toBe(true)
    expect(nodeVerify(signer.publicKey, utf8('gatehouse/a/v1\ntext'), signature)).toBe(true)
  })
})
