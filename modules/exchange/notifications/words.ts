/** The words of letters by language. They name nobody and nothing. */
import type { Language } from '../../governance/identity/index.ts'
import type { KindName } from './kinds.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export interface Said {
  readonly subject: string
  readonly says: string
}

export interface Words {
  readonly kinds: Readonly<Record<KindName, Said>>
  digest(count: number): Said
  /** Where to choose what comes by mail. */
  choose(place: string): string
}

export const words: Readonly<Record<Language, Words>> = { en, es }
