/** Colours, for terminals only: what is piped or redirected stays plain (and NO_COLOR is honoured, no-color.org). */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

const plain = (text: string): string => text
const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`

export function styleFor(terminal: boolean): Style {
  return terminal ? { bold: code(1, 22), dim: code(2, 22), good: code(32, 39), bad: code(31, 39) } : { bold: plain, dim: plain, good: plain, bad: plain }
}

/** Text from outside without control characters, so that a value cannot repaint the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
}
