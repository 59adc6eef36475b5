/** The words of a letter: names of rules, counts and a link. Whom an alert is about is said only behind the sign-in. */
import type { Letter } from '@gatehouse/runtime/data/mail/mail'

type Words = Pick<Letter, 'subject' | 'text'>

const many = (count: number): string => (count === 1 ? 'one alert' : `${count} alerts`)

export function pageLetter(rule: string, alerts: number, link: string): Words {
  return { subject: `Alert: ${rule}`, text: `The rule "${rule}" has raised ${many(alerts)}.\n\nLook at it and acknowledge it:\n${link}\n` }
}

export function morningLetter(rules: readonly { readonly name: string; readonly alerts: number }[], link: string): Words {
  const total = rules.reduce((sum, { alerts }) => sum + alerts, 0)
  return {
    subject: `${total} alert${total === 1 ? '' : 's'} since the last working day`,
    text: `${rules.map(({ name, alerts }) => `${alerts}  ${name}`).join('\n')}\n\nLook at them and acknowledge them:\n${link}\n`,
  }
}
