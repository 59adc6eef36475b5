import type { KindName } from './kinds.ts'

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
