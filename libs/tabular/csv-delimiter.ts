export type Delimiter = ',' | ';' | '\t' | '|'

const candidates: readonly Delimiter[] = [',', ';', '\t', '|']
const sniffLength = 65_536

/**
 * The delimiter that stands most often outside quotes on the first line that is not empty; a comma where none stands. Later
 * lines are not asked: "1,5;2,7" would outvote a header that says what is meant. `undefined` while that line is incomplete.
 */
export function sniffDelimiter(head: string, added: string, last: boolean): Delimiter | undefined {
  const complete = last || head.length >= sniffLength
  // A line can only have been completed by the text that was added; looking at the rest again would cost its square.
  if (!complete && !/[\r\n]/.test(added)) return undefined
  const text = head.slice(0, sniffLength)
  const begin = text.search(/[^\r\n\uFEFF]/)
  if (begin < 0) return complete ? ',' : undefined
  const line = text.slice(begin)
  const end = line.search(/[\r\n]/)
  if (end < 0) return complete ? mostFrequent(line) : undefined
  return mostFrequent(line.slice(0, end))
}

function mostFrequent(line: string): Delimiter {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of line) {
    if (character === '"') quoted = !quoted
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  let best: Delimiter = ','
  for (const candidate of candidates) if ((counts.get(candidate) ?? 0) > (counts.get(best) ?? 0)) best = candidate
  return best
}
