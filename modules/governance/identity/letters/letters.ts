/** What identity writes to people, in the language that they read. The words name nobody. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { z } from 'zod'
import { languageOf } from '../store.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Letters } from './letter.ts'

export const languages = ['en', 'es'] as const
export type Language = (typeof languages)[number]
export const languageSchema = z.enum(languages)

/** What somebody reads; English until they have said so. */
export async function languageFor(tx: Tx, tenant: Id<'tenant'>, user: string): Promise<Language> {
  const kept = await languageOf(tx, tenant, user)
  return languages.find((one) => one === kept) ?? 'en'
}

export const letters: Readonly<Record<Language, Letters>> = { en, es }
