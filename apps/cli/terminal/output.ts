/**
 * What a command says. For people: lines and tables on standard output. For scripts (`--json`): exactly one JSON object there,
 * at the end. Progress goes to standard error in both cases, so neither is ever disturbed.
 */
import { type Style, styleFor } from './style.ts'
import { tableLines } from './table.ts'

export interface Output {
  readonly json: boolean
  readonly style: Style
  /** For people only. */
  say(text?: string): void
  table(headings: readonly string[], rows: readonly (readonly unknown[])[], indent?: string): void
  /** For scripts only; called once. */
  result(value: unknown): void
}

export function openOutput(json: boolean): Output {
  const style = styleFor(process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '')
  const say = (text = '') => {
    if (!json) console.log(text)
  }
  return {
    json,
    style,
    say,
    table(headings, rows, indent = '') {
      const [first = '', second = '', ...rest] = tableLines(headings, rows)
      for (const line of [style.bold(first), style.dim(second), ...rest]) say(indent + line)
    },
    result(value) {
      if (json) console.log(JSON.stringify(value, null, 2))
    },
  }
}

/** 17269 as 17,269, whatever the language of the machine. */
export function count(value: number): string {
  return value.toLocaleString('en-GB')
}

/** "1 person", "2 people". */
export function several(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
