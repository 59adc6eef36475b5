/** The public keys that evidence is checked with. An outsider gets them once, by another way than the evidence itself. */
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { vaultVkeys } from '../../custody/vault/index.ts'
import { logOriginOf, logVkey, logVkeys, newestNote } from '../../ledger/index.ts'
import { evidenceVkeys } from './evidence/key.ts'

export const evidenceKeys = operation({
  kind: 'steps',
  name: 'release.evidence_keys',
  summary: 'Read the public keys that evidence is verified with',
  input: z.strictObject({}),
  output: z.strictObject({
    origin: z.string(),
    log: z.string(),
    vault: z.string(),
    evidence: z.string().describe('Seals bundles; it vouches for no act'),
    key_file: z.string().describe('The text of the key file that the verifier takes'),
  }),
  access: { action: 'read', on: () => ({ type: 'ledger' }) },
  audit: { none: 'public keys open nothing' },
  http: { method: 'GET', path: '/v1/evidence/keys' },
  example: { input: {} },
  async run({ node, tenant }) {
    const note = await newestNote(node, tenant)
    const origin = logOriginOf(tenant, note)
    const [log, logs, vaults, seals] = await Promise.all([
      logVkey(node, tenant, note),
      logVkeys(node, tenant, origin),
      vaultVkeys(node, tenant),
      evidenceVkeys(node, tenant),
    ])
    const newest = (vkeys: readonly string[]) => vkeys.at(-1) ?? ''
    // What an earlier key signed still holds, so all of them stand in the file.
    const lines = [`# Keys of ${origin}`, ...logs, ...vaults, ...seals]
    return { origin, log, vault: newest(vaults), evidence: newest(seals), key_file: lines.map((line) => `${line}\n`).join('') }
  },
})
