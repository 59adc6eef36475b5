/**
 * The certificate of erasure: a statement of what was destroyed, signed by the node's key for erasures, beside the entry of the
 * ledger that names the statement's digest and the same key, with its proof. Nothing in it leads to the person. The format stands
 * in docs/reference/erasure-certificate.md.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { fromBase64, toBase64, toHex, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Signer } from '@gatehouse/crypto/primitives'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { z } from 'zod'
import { certificatesKeyName, secretOf } from '../keyring/index.ts'

export const certificateFormat = 'gatehouse-erasure/v1'

const counts = z.record(z.string(), z.number().int())

export const statementSchema = z.strictObject({
  kind: z.enum(['person', 'institution']),
  institution: idSchema('tenant'),
  erasure: idSchema('erasure'),
  /** What stood in the log in place of the person, hex. */
  subject_commitment: z.string().optional(),
  /** The last signed head of the institution's own log, which is gone. */
  sealed_head: z.strictObject({ origin: z.string(), size: z.number().int(), root: z.string() }).nullable().optional(),
  ground: z.string(),
  requested_at: instantSchema,
  approved_at: instantSchema,
  destroyed_at: instantSchema,
  completed_at: instantSchema,
  counts,
})
export type Statement = z.output<typeof statementSchema>

export const certificateSchema = z.strictObject({
  format: z.literal(certificateFormat),
  statement: statementSchema,
  key: z.string().describe('The key for erasures, as a verifier key (C2SP signed-note).'),
  signature: z.string().describe('Ed25519 over the format, a line feed, and the canonical JSON of the statement; base64.'),
  log: z.strictObject({
    origin: z.string(),
    checkpoint: z.string(),
    entry: z.strictObject({ index: z.number().int(), body: z.string(), proof: z.array(z.string()) }),
  }),
})
export type Certificate = z.output<typeof certificateSchema>

/** The node's own and not the institution's: it outlives an institution that is erased. */
const signingOf = (node: Node) => node.keys.signing(nodeTenant, secretOf.certificates)

const bytesOf = (statement: Statement): Uint8Array => utf8(canonicalJson(statement))
const digestOf = ({ keys }: Node, bytes: Uint8Array): string => toHex(keys.primitives.sha256(bytes))

/** What the entry of the ledger says: the digest of the statement, and of the public key by which it is signed. */
export async function statementFacts(node: Node, statement: Statement): Promise<{ statement_digest: string; certificate_key: string }> {
  const { current } = await signingOf(node)
  return { statement_digest: digestOf(node, bytesOf(statement)), certificate_key: digestOf(node, current.publicKey) }
}

export async function certify(node: Node, statement: Statement, log: Certificate['log']): Promise<Certificate> {
  const signer = await namedSigner(node, log.entry.body)
  return {
    format: certificateFormat,
    statement,
    key: formatNoteKey(noteKey(node.keys.primitives.sha256, certificatesKeyName, signer.publicKey)),
    signature: toBase64(signer.sign(utf8(`${certificateFormat}\n${canonicalJson(statement)}`))),
    log,
  }
}

/** The generation that the entry names: another may have followed it since. */
async function namedSigner(node: Node, body: string): Promise<Signer> {
  const { details } = JSON.parse(utf8Text(fromBase64(body) ?? new Uint8Array()) ?? '') as { details: { certificate_key: string } }
  const { generations } = await signingOf(node)
  const named = generations.find(({ publicKey }) => digestOf(node, publicKey) === details.certificate_key)
  if (named === undefined) throw new Error('the entry of an erasure names a key for certificates that this node does not have')
  return named
}
