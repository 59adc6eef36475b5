/** Writes the evidence bundle of a release and the key file that it is checked with. */
import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import { type Connection, patiently } from '../node/connection.ts'

export interface WrittenEvidence {
  readonly bundle: string
  readonly keys: string
  readonly bytes: number
  readonly entries: number
}

/** Waits for the checkpoint that covers the release's last entry, which takes about a second. */
export async function writeEvidence({ client }: Connection, release: string, bundle: string, keys: string): Promise<WrittenEvidence> {
  const evidence = await patiently('/problems/release/evidence-not-ready', async () =>
    must(await client.GET('/v1/releases/{release}/evidence', { params: { path: { release } } })),
  )
  const text = `${JSON.stringify(evidence, null, 2)}\n`
  const { key_file } = must(await client.GET('/v1/evidence/keys'))
  await Promise.all([writeFile(bundle, text), writeFile(keys, key_file)])
  return { bundle, keys, bytes: Buffer.byteLength(text), entries: evidence.log.entries.length }
}
