import type { PairEvent } from './states.ts'

export const choices = ['link', 'no_link', 'unsure'] as const
export type Choice = (typeof choices)[number]

/** Where so many are unsure, or so many have spoken and it is a tie, nobody else is asked. */
export const opinionsMax = 5

/** What the opinions so far come to, or undefined while more are needed. Whoever is unsure is not counted, and somebody else is asked. */
export function comesTo(votes: readonly Choice[], needed: number): PairEvent | undefined {
  const [links, parts] = [votes.filter((choice) => choice === 'link').length, votes.filter((choice) => choice === 'no_link').length]
  if (links + parts >= needed && links !== parts) return links > parts ? 'join' : 'part'
  if (votes.length >= opinionsMax) return 'leave'
  return links > 0 && parts > 0 ? 'differ' : undefined
}
