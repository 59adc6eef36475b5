import { type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { type PasswordFault, passwordFault } from '../password.ts'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'

const words: Record<PasswordFault, string> = {
  too_short: `it is shorter than ${limits.passwordCharactersMin} characters`,
  too_long: `it is longer than ${limits.passwordCharactersMax} characters`,
  too_common: 'it is one of the passwords that stand most often in published leaks, or little more than that',
  contains_address: 'it is made of the own address or name',
}

/** What every way of setting a password asks first, before a link is spent: a refusal is kept, and the link must survive it. */
export function refusedPassword(password: string, { email, name }: { readonly email: string; readonly name: string }): Refusal | undefined {
  const reason = passwordFault(password, [email, name])
  return reason === undefined ? undefined : refuse(problems.password_refused, words[reason], { details: { reason } }, { reason })
}
