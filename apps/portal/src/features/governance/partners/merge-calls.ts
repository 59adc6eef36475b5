/** A request of a partner, whatever came of it. */
export type Call =
  | { readonly kind: 'granted'; readonly id: string; readonly at: string; readonly purpose: string; readonly fields: number; readonly state: string }
  | {
      readonly kind: 'refused'
      readonly id: string
      readonly at: string
      readonly purpose: string | null
      readonly fields: number | null
      readonly reasons: readonly string[]
    }

interface Granted {
  readonly id: string
  readonly issued_at: string
  readonly purpose: string
  readonly state: string
  readonly fields: readonly unknown[]
}

interface Refused {
  readonly id: string
  readonly at: string
  readonly purpose: string | null
  readonly reasons: readonly string[]
  readonly fields_requested: number | null
}

/** Both lists are the newest `most` of their kind, so the newest `most` of both together have no gap. */
export function mergeCalls(granted: readonly Granted[], refused: readonly Refused[], most: number): Call[] {
  const calls: Call[] = [
    ...granted.map(({ id, issued_at, purpose, state, fields }): Call => ({ kind: 'granted', id, at: issued_at, purpose, fields: fields.length, state })),
    ...refused.map(({ id, at, purpose, reasons, fields_requested }): Call => ({ kind: 'refused', id, at, purpose, fields: fields_requested, reasons })),
  ]
  return calls.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, most)
}
