/** Text of a page in which everything put in is escaped, unless it is such text itself: forgetting to escape is not possible. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

type Content = string | number | Html | readonly Content[] | undefined

export function html(fixed: TemplateStringsArray, ...put: readonly Content[]): Html {
  return new Html(fixed.reduce((text, part, index) => text + part + (index < put.length ? rendered(put[index]) : ''), ''))
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Safe between tags and within quoted attributes. Control and direction characters, which could disguise a text, become spaces. */
function rendered(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Html) return content.toString()
  if (Array.isArray(content)) return content.map(rendered).join('')
  return String(content)
    .replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}
