/** From the node's terms to what a sentence needs. Pure. */

export type Why = 'consent' | 'contract' | 'obligation' | 'vital' | 'public' | 'legitimate' | 'other'

/** The plain reason behind a legal basis of the Data Privacy Vocabulary. */
export function whyOf(basis: string): Why {
  const term = basis.slice(basis.indexOf(':') + 1)
  if (/^(Consent|A6-1-a|A9-2-a)/.test(term)) return 'consent'
  if (/^(Contract|EnterIntoContract|A6-1-b)/.test(term)) return 'contract'
  if (/^(LegalObligation|A6-1-c)/.test(term)) return 'obligation'
  if (/^(VitalInterest|A6-1-d|A9-2-c)/.test(term)) return 'vital'
  if (/^(PublicInterest|OfficialAuthority|A6-1-e|A9-2-g|A9-2-i)/.test(term)) return 'public'
  return /^(LegitimateInterest|A6-1-f)/.test(term) ? 'legitimate' : 'other'
}

export type Looks = 'whole' | 'part' | 'code' | 'hidden'

/** What a mask left of a value, as its person would say it. */
export function looksOf(mask: string): Looks {
  if (mask === 'keep') return 'whole'
  if (mask === 'hash' || mask === 'token') return 'code'
  return mask === 'redact' || mask === 'drop' || mask === 'constant' ? 'hidden' : 'part'
}

/** `date_of_birth` and `dateOfBirth` read "date of birth". */
export function asWords(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-.]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** A known word for a field is looked up by this: letters, digits and low lines alone. */
export function keyOf(name: string): string {
  return asWords(name).replaceAll(' ', '_').replaceAll(/\W/g, '')
}

/** Things in the order given, those of one month of the reader together. */
export function byMonth<T extends { readonly at: string }>(things: readonly T[]): { readonly month: string; readonly things: readonly T[] }[] {
  const months: { month: string; things: T[] }[] = []
  for (const thing of things) {
    const at = new Date(thing.at)
    const month = `${String(at.getFullYear())}-${String(at.getMonth() + 1).padStart(2, '0')}`
    const last = months.at(-1)
    if (last?.month === month) last.things.push(thing)
    else months.push({ month, things: [thing] })
  }
  return months
}
