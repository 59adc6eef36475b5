import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { e164 } from '@gatehouse/runtime/data/sms/sms'
import { z } from 'zod'
import { userIdSchema } from '../../subjects/index.ts'
import { keyScopeSchema, staffRoles } from '../access/index.ts'

/** The roles that staff is given. */
export const givenRoles = staffRoles
/** The roles a user may have: given by the institution, by an operator of the node, or come with the account. `partner` and `system` belong to keys and to the node itself. */
export const userRoles = [...givenRoles, 'operator', 'engineer', 'person'] as const

export const limits = {
  passwordCharactersMin: 12,
  passwordCharactersMax: 128,
  /** A session ends this long after it began, whatever happens in it. */
  sessionHours: 12,
  /** A session ends when nothing was asked for this long. */
  sessionIdleMinutes: 60,
  /** How exactly "last seen" and "last used" are kept; each write less is one a reader does not wait for. */
  touchSeconds: 60,
  invitationHours: 72,
  firstRunHours: 24,
  /** How many institutions an address is looked up in. */
  accountsPerAddress: 5,
  keyDays: 730,
  keyDaysDefault: 365,
  keyScopes: 50,
  /** How long a key that was replaced goes on, at most and usually. */
  overlapHours: 168,
  overlapHoursDefault: 24,
  /** Age of a DPoP proof, and how far its clock may run ahead. */
  proofSeconds: 60,
  proofSkewSeconds: 5,
  proofCharacters: 4096,
  /** How long a passkey may take to answer. */
  challengeSeconds: 300,
  recoveryCodes: 10,
  /** A browser that is remembered is not asked for a factor, in the same network. */
  deviceDays: 30,
  resetMinutes: 30,
  /** How long a code by mail or SMS holds. */
  codeMinutes: 10,
  /** Text messages to one account; each is paid for. */
  messagesPerHour: 6,
  factorsPerUser: 20,
  membersPerTeam: 1000,
  /** Accounts carried over from an earlier system in one request. */
  importedUsers: 100,
  /** Sources counted apart in one minute; the rest is counted together. */
  failureSources: 1000,
} as const

export const userStatuses = ['invited', 'active', 'disabled'] as const

const name = sensitive(z.string().trim().min(1).max(200))
export const email = sensitive(z.string().trim().max(254).toLowerCase().pipe(z.email('an e-mail address such as name@example.org')))
/** Only its length is checked here; whether it is too common is answered with a problem of its own. */
export const newPassword = sensitive(
  z
    .string()
    .min(limits.passwordCharactersMin, `at least ${limits.passwordCharactersMin} characters`)
    .max(limits.passwordCharactersMax, `at most ${limits.passwordCharactersMax} characters`),
)
export const rolesInput = z.array(z.enum(givenRoles)).min(1).max(givenRoles.length)
/** A partner by id or reference. */
export const partnerInput = z.string().min(1).max(64)
export const oneTimeToken = z.string().min(1).max(128)

export const factorKinds = ['totp', 'passkey'] as const
export type FactorKind = (typeof factorKinds)[number]
export const factorLabel = z.string().trim().min(1).max(60)
export const codeInput = sensitive(z.string().trim().min(4).max(32))
/** What a browser's authenticator answers (WebAuthn level 3, section 5.1); its members are checked by the library that verifies it. */
export const passkeyAnswer = z.looseObject({
  id: z.string().min(1).max(1400),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.record(z.string(), z.unknown()),
  clientExtensionResults: z.record(z.string(), z.unknown()),
})

/** One of the ways to prove that it is the user. */
export const proofInput = z
  .strictObject({
    /** Of an authenticator app. */
    code: codeInput.optional(),
    recovery: codeInput.optional(),
    /** That went to the address of the account. */
    mailed: codeInput.optional(),
    /** That went to the telephone of the account. */
    texted: codeInput.optional(),
    passkey: passkeyAnswer.optional(),
    /** Only for whoever has no second factor. */
    password: sensitive(z.string().min(1).max(limits.passwordCharactersMax)).optional(),
    /** Not to be asked in this browser and network for 30 days. */
    remember: z.boolean().optional(),
  })
  .refine(
    ({ code, recovery, mailed, texted, passkey, password }) =>
      [code, recovery, mailed, texted, passkey, password].filter((one) => one !== undefined).length === 1,
    'exactly one proof',
  )

export const signInInput = z.strictObject({ email, password: sensitive(z.string().min(1).max(limits.passwordCharactersMax)) })
export const firstRunInput = z.strictObject({ token: oneTimeToken, name, email, password: newPassword })
export const acceptInput = z.strictObject({ token: oneTimeToken, password: newPassword })
export const inviteInput = z.strictObject({ email, name, roles: rolesInput })
export const inviteEngineerInput = z.strictObject({ partner: partnerInput, email, name })
/** Without a name the person is greeted by the address. */
export const invitePersonInput = z.strictObject({ user_id: userIdSchema, email, name: name.optional() })

export const userSchema = z.strictObject({
  id: idSchema('user'),
  /** Of the institution, of a partner, or a person whose records are kept. */
  kind: z.enum(['staff', 'engineer', 'person']),
  name,
  email,
  roles: z.array(z.enum(userRoles)),
  /** The partner that an engineer works for. */
  partner: idSchema('partner').nullable(),
  /** `invited` until the person has set a password. */
  status: z.enum(userStatuses),
  created_at: instantSchema,
})
export type User = z.output<typeof userSchema>

export const invitationSchema = z.strictObject({
  user: userSchema,
  token: z.string(),
  /** The token stands in the fragment, which browsers send to nobody. */
  link: z.string(),
  expires_at: instantSchema,
})

/** The HTTP edge moves `session_token` into the cookie; it never stands in a body there. */
export const signedInSchema = z.strictObject({
  session_token: z.string(),
  session: idSchema('session'),
  expires_at: instantSchema,
  user: userSchema,
  /** What is still owed before the session opens anything: a factor, or setting one up. */
  awaits: z.enum(['factor', 'enrolment']).nullable(),
  /** Goes into a cookie of its own where the browser is to be remembered. */
  device_token: z.string().optional(),
})
export type SignedIn = z.output<typeof signedInSchema>

export const sessionSchema = z.strictObject({
  id: idSchema('session'),
  created_at: instantSchema,
  last_seen_at: instantSchema,
  expires_at: instantSchema,
  /** The kind of browser and system. */
  agent: z.string(),
  /** The session that asks. */
  current: z.boolean(),
})
export type Session = z.output<typeof sessionSchema>

export const factorSchema = z.strictObject({
  id: idSchema('factor'),
  kind: z.enum(factorKinds),
  label: z.string(),
  created_at: instantSchema,
  last_used_at: instantSchema.nullable(),
})
export type Factor = z.output<typeof factorSchema>

/** A telephone as its owner sees it: enough to recognise, too little to call. */
export const phoneSchema = z.strictObject({ id: idSchema('phone'), ending: z.string().length(2), created_at: instantSchema })
/** As people write it: spaces, dashes, dots and brackets do not matter. */
export const phoneNumber = sensitive(
  z
    .string()
    .max(40)
    .transform((text) => text.replace(/[\s().-]/g, ''))
    .pipe(z.string().regex(e164, 'a number with its country such as +43 660 1234567')),
)

export const apiKeySchema = z.strictObject({
  id: idSchema('api_key'),
  owner_kind: z.enum(['partner', 'user', 'operator']),
  owner: z.string(),
  label: z.string(),
  /** What it is limited to; null for a master key, which does whatever its owner may. */
  scopes: z.array(keyScopeSchema).nullable(),
  created_at: instantSchema,
  expires_at: instantSchema,
  last_used_at: instantSchema.nullable(),
  revoked_at: instantSchema.nullable(),
  /** The key that took its place. */
  replaced_by: idSchema('api_key').nullable(),
})
export type ApiKey = z.output<typeof apiKeySchema>
