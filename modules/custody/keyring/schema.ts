import { instantSchema, sensitive } from '@gatehouse/core/schema'
import { isSecretName, leaseSecondsMax, secretBytesMax } from '@gatehouse/runtime/data/secrets/secret-store'
import type { QueueOptions } from '@gatehouse/runtime/work/queue'
import { z } from 'zod'

export const rewrapQueue = 'keyring-rewrap'
export const rewrapOptions: QueueOptions = { retries: 5, retryDelaySeconds: 30, expireSeconds: 21_600 }
export const turnOptions: QueueOptions = { retries: 3, retryDelaySeconds: 60, expireSeconds: 600, cron: '23 * * * *' }

/** Rows that move in one short transaction. */
export const rewrapPageRows = 1_000
/** How long until the old version is looked at again, once nothing lies under it any more. */
export const destroyAgainSeconds = 360
export const rotationsShownMax = 12

/** What is signed with a key of its own: by the institution, and certificates of erasure by the node. */
export const signingKeys = ['log', 'vault', 'evidence', 'credentials', 'certificates'] as const
/** The secret whose generations are its seeds. */
export const secretOf = {
  log: 'ledger/log',
  vault: 'vault/block',
  evidence: 'release/evidence',
  credentials: 'credentials/issuer',
  certificates: 'retention/certificates',
} as const
/** The name of the verifier key by which certificates of erasure are checked. */
export const certificatesKeyName = 'gatehouse/erasures'
/** How long the old key of the log signs along: witnesses and auditors need that time. */
export const earlierDaysDefault = 30
export const earlierDaysMax = 90
/** Each block is held against all of them. */
export const generationsMax = 100

export const rotationSchema = z.strictObject({
  version: z.number().int().describe('The version of the tenant’s key that everything moves to.'),
  started_at: instantSchema,
  total: z.number().int().describe('Keys and secrets that lay under older versions when it began.'),
  moved: z.number().int(),
  faults: z.number().int().describe('What did not open where it stood: changed or moved rows. While there is one, the old version stays.'),
  moved_at: instantSchema.nullable(),
  destroyed_at: instantSchema.nullable().describe('When the older versions were destroyed.'),
})

export const secretNameSchema = z.string().refine(isSecretName, { error: 'one to four parts of a-z, 0-9, "_" and "-" between slashes' })
export const secretValueSchema = sensitive(z.string().min(1).max(secretBytesMax))
export const leaseSchema = z.number().int().min(1).max(leaseSecondsMax).default(300)

export const secretFactsSchema = z.strictObject({
  name: z.string(),
  version: z.number().int(),
  created_at: instantSchema,
  lease_seconds: z.number().int(),
  earlier_until: instantSchema.nullable().describe('Until when the version before may still be used.'),
})
