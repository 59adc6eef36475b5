/** What is said of a release: a signed list of its files. It is shown to people and installs nothing. */
import { instantSchema } from '@gatehouse/core/schema'
import { compactVerify, decodeJwt, importJWK } from 'jose'
import { z } from 'zod'

export const manifestLimits = { characters: 16_384, files: 100, notes: 2_000, releases: 20 } as const

export const versionSchema = z
  .string()
  .max(64)
  .regex(/^\d{1,6}[.]\d{1,6}[.]\d{1,6}(-[0-9A-Za-z.]{1,40})?$/, 'a version such as 1.2.3')

export const manifestSchema = z.object({
  product: z.literal('gatehouse'),
  version: versionSchema,
  released_at: instantSchema,
  notes: z.string().max(manifestLimits.notes),
  files: z.array(z.object({ name: z.string().max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })).max(manifestLimits.files),
})
export type Manifest = z.output<typeof manifestSchema>

export const manifestText = z
  .string()
  .max(manifestLimits.characters)
  .regex(/^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$/, 'a JSON Web Signature in compact form')

/** Before its signature is looked at: for a coordinator, which only passes it on. */
export function unverifiedManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(decodeJwt(text)).data
  } catch {
    return undefined
  }
}

/**
 * @param releaseKeys Ed25519 public keys in base64url, as the operator of this node named them
 * @returns `undefined` for what none of them has signed
 */
export async function verifiedManifest(text: string, releaseKeys: readonly string[]): Promise<(Manifest & { signed_by: string }) | undefined> {
  for (const x of releaseKeys) {
    try {
      const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')
      const { payload, protectedHeader } = await compactVerify(text, key, { algorithms: ['EdDSA'] })
      const read = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)))
      if (protectedHeader.typ === 'gatehouse-release' && read.success) return { ...read.data, signed_by: x }
    } catch {
      // Another of the keys may be the one.
    }
  }
  return undefined
}

/** Whether a version comes after another; one with a suffix comes before the same without. */
export function isNewer(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => {
    const [numbers = '', suffix] = text.split('-', 2)
    return [...numbers.split('.').map(Number), suffix === undefined ? 1 : 0]
  })
  for (const [at, number] of (left ?? []).entries()) {
    const other = right?.[at] ?? 0
    if (number !== other) return number > other
  }
  return false
}
