/** How somebody wants to be told by mail. The inbox is told always. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { keepLanguage, languageFor, languageSchema } from '../../governance/identity/index.ts'
import { kindNames, kinds, mailChoices } from './kinds.ts'
import { problems } from './problems.ts'
import { notificationKindSchema, ownInbox, preferenceSchema } from './schema.ts'
import { preferencesOf, putPreference } from './store.ts'

const output = z.strictObject({
  data: z.array(preferenceSchema),
  /** That letters come in. */
  language: languageSchema,
})

/** Kinds that this account can be told of. */
const kindsFor = ({ subject }: Pick<Principal, 'subject'>) => kindNames.filter((name) => (kinds[name].toldTo === 'person') === (subject !== undefined))

async function preferences(tx: Tx, principal: Principal): Promise<z.output<typeof output>> {
  const own = await preferencesOf(tx, [principal.id])
  const data = kindsFor(principal).map((kind) => {
    const { mail, fixed } = kinds[kind]
    return { kind, mail: fixed === true ? mail : (own.find((one) => one.kind === kind)?.mail ?? mail), fixed: fixed === true }
  })
  return { data, language: await languageFor(tx, principal.tenant, principal.id) }
}

export const readPreferences = operation({
  name: 'notifications.preferences',
  summary: 'Read how one is told by mail',
  input: z.strictObject({}),
  output,
  access: { action: 'read', on: ownInbox },
  audit: { none: 'one’s own settings' },
  http: { method: 'GET', path: '/v1/me/notifications/preferences' },
  example: { input: {} },
  run: async ({ tx, principal }) => preferences(tx, principal),
})

export const setPreference = operation({
  name: 'notifications.set_preference',
  summary: 'Say how one is told of a kind by mail: at once, once a day with the others, or not',
  input: z.strictObject({ kind: notificationKindSchema, mail: z.enum(mailChoices) }),
  output,
  access: { action: 'update', on: ownInbox },
  audit: ({ kind, mail }) => ({ details: { kind, mail } }),
  http: { method: 'PUT', path: '/v1/me/notifications/preferences/:kind' },
  example: { input: { kind: 'review_waits', mail: 'digest' } },
  problems: [problems.preference_fixed],
  async run({ tx, principal }, { kind, mail }) {
    if (kinds[kind].fixed === true || !kindsFor(principal).includes(kind)) return refuse(problems.preference_fixed)
    await putPreference(tx, principal.id, principal.subject, kind, mail)
    return preferences(tx, principal)
  },
})

export const setLanguage = operation({
  name: 'notifications.set_language',
  summary: 'Say in which language letters come',
  input: z.strictObject({ language: languageSchema }),
  output,
  access: { action: 'update', on: ownInbox },
  audit: ({ language }) => ({ details: { language } }),
  http: { method: 'PUT', path: '/v1/me/notifications/language' },
  example: { input: { language: 'es' } },
  async run({ tx, tenant, principal }, { language }) {
    await keepLanguage(tx, tenant, principal.id, language)
    return preferences(tx, principal)
  },
})
