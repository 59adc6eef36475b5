/** Writes an evidence bundle and the key file that it is checked with. */
import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import { type Connection, patiently } from '../node/connection.ts'

export type EvidenceAbout =
  | { readonly kind: 'release'; readonly release: string }
  | { readonly kind: 'person'; readonly subject: string }
  | {
      readonly kind: 'project'
      readonly partner?: string
      readonly purpose?: string
      readonly policy?: string
      readonly since?: string
      readonly until?: string
    }

export interface WrittenEvidence {
  readonly bundle: string
  readonly keys: string
  readonly bytes: number
  readonly entries: number
  /** Older entries that one bundle had no room for. */
  readonly left_out: number
}

/** Waits for the checkpoint that covers the last entry, which takes about a second. */
export async function writeEvidence(connection: Connection, about: EvidenceAbout, bundle: string, keys: string): Promise<WrittenEvidence> {
  const evidence = await patiently('/problems/release/evidence-not-ready', () => fetchEvidence(connection, about))
  const text = `${JSON.stringify(evidence, null, 2)}\n`
  const { key_file } = must(await connection.client.GET('/v1/evidence/keys'))
  await Promise.all([writeFile(bundle, text), writeFile(keys, key_file)])
  return { bundle, keys, bytes: Buffer.byteLength(text), entries: evidence.selection.entries, left_out: evidence.selection.left_out }
}

async function fetchEvidence({ client }: Connection, about: EvidenceAbout) {
  if (about.kind === 'release') return must(await client.GET('/v1/releases/{release}/evidence', { params: { path: { release: about.release } } }))
  if (about.kind === 'person') return must(await client.GET('/v1/evidence/people/{subject}', { params: { path: { subject: about.subject } } }))
  const { kind: _, ...query } = about
  return must(await client.GET('/v1/evidence/projects', { params: { query } }))
}
