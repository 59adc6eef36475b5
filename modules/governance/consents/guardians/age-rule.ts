/** The institution's age of majority and what it does with what guardians agreed to. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { readOwnTenant } from '../../tenancy/index.ts'
import { type ComingOfAge, comingOfAge, usualRule } from './coming-of-age.ts'
import { ageRuleSchema } from './schema.ts'
import { readAgeRule, writeAgeRule } from './store.ts'

/** Nobody is a ward: for consents that their persons gave. */
const noWards: ComingOfAge = { reached: () => false, lapsed: () => false }

/** As the institution has it now; asked for only where somebody was or is a ward. */
export async function comingOfAgeOf(tx: Tx, wards: readonly { readonly born: string | null }[]): Promise<ComingOfAge> {
  if (wards.every(({ born }) => born === null)) return noWards
  const [rule, tenant] = await Promise.all([readAgeRule(tx), readOwnTenant(tx)])
  return comingOfAge(rule ?? usualRule, tenant?.settings.timezone ?? 'UTC')
}

export const readSettings = operation({
  name: 'consents.read_settings',
  summary: 'Read from which age a person decides alone, and what becomes of what guardians agreed to',
  input: z.strictObject({}),
  output: ageRuleSchema,
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: { none: 'two numbers of the institution' },
  http: { method: 'GET', path: '/v1/consent-settings' },
  example: { input: {} },
  run: async ({ tx }) => (await readAgeRule(tx)) ?? usualRule,
})

export const updateSettings = operation({
  name: 'consents.update_settings',
  summary: 'Set from which age a person decides alone, and what becomes of what guardians agreed to',
  description:
    'Counts at once, for guardians and for the consents that they gave: whoever is of age by the new rule decides alone from this moment on. `confirm_within_days` null lets an unconfirmed consent stand for as long as it says.',
  input: ageRuleSchema,
  output: ageRuleSchema,
  access: { action: 'update', on: () => ({ type: 'consent' }) },
  audit: () => ({}),
  stepUp: true,
  http: { method: 'PUT', path: '/v1/consent-settings' },
  example: { input: { age_of_majority: 18, confirm_within_days: 90 } },
  async run(ctx, rule) {
    const { sha256 } = ctx.node.keys.primitives
    const digest = (value: unknown) => toHex(sha256(utf8(canonicalJson(value))))
    const before = (await readAgeRule(ctx.tx)) ?? usualRule
    await writeAgeRule(ctx.tx, rule)
    ctx.describe({ details: { before: digest(before), after: digest(rule), age_of_majority: rule.age_of_majority } })
    return rule
  },
})
