/** What the portal asks of the node about factors, and of the browser about passkeys. */
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient, sessionQuery } from '../../../session.ts'

export type Factors = Answer<'/v1/auth/factors'>
export type FactorKind = Factors['factors'][number]['kind']

export interface Enrolled {
  readonly recovery_codes: readonly string[]
}

/** Browsers give no passkeys to pages without a name, such as 127.0.0.1. */
export const passkeysWork = browserSupportsWebAuthn() && !/^[\d.]+$|:/.test(globalThis.location.hostname)

export function factorsQuery() {
  return queryOptions({ queryKey: ['factors'], queryFn: ({ signal }) => ask(() => api.GET('/v1/auth/factors', { signal })) })
}

export const readFactorsAgain = () =>
  Promise.all([queryClient.invalidateQueries({ queryKey: ['factors'] }), queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })])

type Typed =
  | { readonly code: string }
  | { readonly mailed: string }
  | { readonly texted: string }
  | { readonly recovery: string }
  | { readonly password: string }

export async function proveTyped(proof: Typed, remember: boolean): Promise<void> {
  await ask(() => api.POST('/v1/auth/factor', { body: { ...proof, remember } }))
}

export async function askCode(by: 'mail' | 'sms'): Promise<void> {
  await ask(() => api.POST('/v1/auth/factor/code', { body: { by } }))
}

export async function provePasskey(remember: boolean): Promise<void> {
  const { options } = await ask(() => api.POST('/v1/auth/factor/passkey/options'))
  const passkey = await startAuthentication({ optionsJSON: options as never })
  await ask(() => api.POST('/v1/auth/factor', { body: { passkey: passkey as never, remember } }))
}

export async function signInByPasskey(): Promise<void> {
  const { options } = await ask(() => api.POST('/v1/auth/sign-in/passkey/options'))
  const passkey = await startAuthentication({ optionsJSON: options as never })
  await ask(() => api.POST('/v1/auth/sign-in/passkey', { body: { passkey: passkey as never } }))
}

export async function acceptByPasskey({ token, label }: { readonly token: string; readonly label: string }): Promise<void> {
  const { options } = await ask(() => api.POST('/v1/auth/accept-invitation/passkey/options', { body: { token } }))
  const passkey = await startRegistration({ optionsJSON: options as never })
  await ask(() => api.POST('/v1/auth/accept-invitation/passkey', { body: { token, label, passkey: passkey as never } }))
}

export async function addPasskey(label: string): Promise<Enrolled> {
  const { options } = await ask(() => api.POST('/v1/auth/factors/passkey/options'))
  const passkey = await startRegistration({ optionsJSON: options as never })
  return ask(() => api.POST('/v1/auth/factors/passkey', { body: { label, passkey: passkey as never } }))
}

export function beginTotp(): Promise<{ factor: string; uri: string }> {
  return ask(() => api.POST('/v1/auth/factors/totp', { body: {} }))
}

export function confirmTotp(factor: string, code: string): Promise<Enrolled> {
  return ask(() => api.POST('/v1/auth/factors/{factor}/confirm', { params: { path: { factor } }, body: { code } }))
}

export function beginPhone(number: string): Promise<{ id: string; ending: string }> {
  return ask(() => api.POST('/v1/auth/phones', { body: { number } }))
}

/** A telephone has no recovery codes: whoever loses it is let in by an administrator. */
export async function confirmPhone(phone: string, code: string): Promise<Enrolled> {
  await ask(() => api.POST('/v1/auth/phones/{phone}/confirm', { params: { path: { phone } }, body: { code } }))
  return { recovery_codes: [] }
}

export async function removePhone(phone: string): Promise<void> {
  await ask(() => api.DELETE('/v1/auth/phones/{phone}', { params: { path: { phone } } }))
  await readFactorsAgain()
}

export async function removeFactor(factor: string): Promise<void> {
  await ask(() => api.DELETE('/v1/auth/factors/{factor}', { params: { path: { factor } } }))
  await readFactorsAgain()
}

export async function forgetDevice(device: string): Promise<void> {
  await ask(() => api.DELETE('/v1/auth/devices/{device}', { params: { path: { device } } }))
  await readFactorsAgain()
}

export async function renewRecoveryCodes(): Promise<readonly string[]> {
  const { recovery_codes } = await ask(() => api.POST('/v1/auth/recovery-codes'))
  await readFactorsAgain()
  return recovery_codes
}

export async function changePassword(password: string): Promise<void> {
  await ask(() => api.POST('/v1/auth/password', { body: { password } }))
  await Promise.all([readFactorsAgain(), queryClient.invalidateQueries({ queryKey: ['devices'] })])
}

export async function endOtherSessions(): Promise<void> {
  await ask(() => api.POST('/v1/auth/sessions/end'))
  await Promise.all([readFactorsAgain(), queryClient.invalidateQueries({ queryKey: ['devices'] })])
}
