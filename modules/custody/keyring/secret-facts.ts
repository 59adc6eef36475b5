import { instantOf } from '@gatehouse/core/instant'
import type { SecretFacts } from '@gatehouse/runtime/data/secrets/secret-store'
import type { z } from 'zod'
import type { secretFactsSchema } from './schema.ts'

/** What may be told of a secret: everything but its value. */
export function toldOf(facts: SecretFacts): z.output<typeof secretFactsSchema> {
  return {
    name: facts.name,
    version: facts.version,
    created_at: instantOf(facts.createdMs),
    lease_seconds: facts.leaseSeconds,
    earlier_until: facts.earlierUntilMs === undefined ? null : instantOf(facts.earlierUntilMs),
  }
}
