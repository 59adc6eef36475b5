/** The words and signs of a schema. The body of a caveat is one token: what stands in it is CEL's. */
import { SchemaError } from './schema.ts'

export interface Token {
  /** `wrong` is a letter that belongs to nothing; whoever reads says so in its place. */
  readonly kind: 'word' | 'sign' | 'text' | 'braces' | 'wrong' | 'end'
  readonly text: string
  readonly line: number
}

const space = /[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const sign = /->|\.\.\.|[{}():|#*=+&\-.,/<>;]/y
const quoted = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y

/** @throws SchemaError for a caveat's body that does not end, or holds what is no part of CEL */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1
  // After `caveat name(…)` the braces are CEL's.
  let caveat = false
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    return found
  }
  const advance = (taken: string) => {
    at += taken.length
    line += taken.split('\n').length - 1
  }
  while (at < text.length) {
    const skipped = match(space)
    if (skipped !== undefined) {
      advance(skipped)
      continue
    }
    if (caveat && text[at] === '{') {
      const body = bracesAt(text, at, line)
      tokens.push({ kind: 'braces', text: body.slice(1, -1), line })
      advance(body)
      caveat = false
      continue
    }
    const name = match(word)
    const known = name ?? match(quoted) ?? match(sign)
    const other = known ?? text.charAt(at)
    const kind = known === undefined ? 'wrong' : name !== undefined ? 'word' : /^["']/.test(known) ? 'text' : 'sign'
    if (name === 'caveat') caveat = true
    tokens.push({ kind, text: kind === 'text' ? other.slice(1, -1) : other, line })
    advance(other)
  }
  return tokens
}

/** From a brace to the one that closes it; braces in texts and comments do not count. */
function bracesAt(text: string, from: number, line: number): string {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (letter === '"' || letter === "'") {
      quoted.lastIndex = at
      const found = quoted.exec(text)?.[0]
      if (found === undefined) throw new SchemaError(line, 'a text in the caveat does not end')
      at += found.length - 1
    } else if (letter === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end
    } else if (letter === '{') depth++
    else if (letter === '}' && --depth === 0) return text.slice(from, at + 1)
    else if (letter === '`' || letter === '$' || letter === '\\' || letter === ';') throw new SchemaError(line, `"${letter}" is no part of CEL`)
  }
  throw new SchemaError(line, 'the braces of the caveat do not close')
}
