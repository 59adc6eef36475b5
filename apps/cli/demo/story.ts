/** Tells the demonstration step by step and holds it to its word: a claim that is not true ends it. */
import type { Output } from '../terminal/output.ts'

export class ClaimFailed extends Error {
  override readonly name = 'ClaimFailed'
}

export interface Claim {
  readonly claim: string
  readonly ok: boolean
}

export interface Story {
  readonly out: Output
  /** Everything that was claimed, in order. */
  readonly claims: readonly Claim[]
  step(title: string): void
  tell(...lines: string[]): void
  table(headings: readonly string[], rows: readonly (readonly unknown[])[]): void
  /** @throws ClaimFailed when it is not true; `found` says what was found instead */
  claim(sentence: string, ok: boolean, found?: string): void
}

export const indent = '   '

export function beginStory(out: Output): Story {
  const claims: Claim[] = []
  let number = 0
  return {
    out,
    claims,
    step(title) {
      number++
      out.say()
      out.say(out.style.bold(`${number}. ${title}`))
    },
    tell: (...lines) => {
      for (const line of lines) out.say(indent + line)
    },
    table: (headings, rows) => out.table(headings, rows, indent),
    claim(sentence, ok, found) {
      claims.push({ claim: sentence, ok })
      out.say(`${indent}${ok ? out.style.good('✓') : out.style.bad('✗')} ${sentence}`)
      if (!ok) throw new ClaimFailed(`Step ${number} does not do what it says: ${sentence}${found === undefined ? '' : ` (found: ${found})`}`)
    },
  }
}
