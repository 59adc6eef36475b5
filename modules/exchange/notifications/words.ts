/** The words of letters by language. They name nobody and nothing. */
import type { Language } from '../../governance/identity/index.ts'
import type { Words } from './saying.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export const words: Readonly<Record<Language, Words>> = { en, es }
