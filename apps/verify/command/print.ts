/** A report as text for people, and the exit code of a verdict. */
import type { Report, Verdict } from '../report.ts'

export const exitCodes: Record<Verdict, number> = { good: 0, bad: 1, cannot_tell: 2 }

/** What comes from the input is shown without control characters, so that it cannot repaint the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
}

export function print({ verdict, checks, story }: Report): string {
  const words: Record<Verdict, string> = { good: 'good', bad: 'BAD', cannot_tell: 'cannot tell' }
  const lines = checks.map((check) => `${words[check.verdict].padEnd(12)}${check.place === '' ? '' : `${check.place}: `}${check.text}`)
  if (verdict === 'good' && story.length > 0) {
    lines.push('', 'The story (time and act are proven; the words after the dash are the exporter’s):')
    for (const line of story)
      lines.push(`  ${line.at}  entry ${line.entry}  ${line.type}${line.decision === undefined ? '' : `, ${line.decision}`} – ${line.text}`)
  }
  return [...lines, '', `Verdict: ${words[verdict]}`].map(printable).join('\n')
}
