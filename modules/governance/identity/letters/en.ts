import type { Letters } from './letter.ts'

export const en: Letters = {
  code: (code, origin, minutes) => ({
    subject: 'A code to sign in',
    text: `Your code is ${code}\n\nIt finishes signing in at ${origin}, once, within ${minutes} minutes. Give it to nobody.\n\nIf you are not signing in just now, somebody knows your password: set another one there by "Password forgotten?".\n`,
  }),
  texted: (code, host, minutes) => `${code} is your code for ${host}. It works once, within ${minutes} minutes. Give it to nobody.`,
  reset: (link, minutes) => ({
    subject: 'A new password',
    text: `Somebody, probably you, asked for a new password.\n\n${link}\n\nThe link holds for ${minutes} minutes and works once. If it was not you, do nothing: the password stays.\n`,
  }),
}
