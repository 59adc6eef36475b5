/** What is asked of the policies, and what the asker has found out about the world before asking. */
import type { Instant } from '@gatehouse/core/instant'
import type { ActionName } from './actions.ts'
import type { Linkage, ResultForm, Standing } from './document.ts'

export interface Question {
  readonly action: ActionName
  /** The partner, by the id that policies name as assignee. */
  readonly recipient: string
  /** The data class: a record type, or a table of the catalogue. */
  readonly recordType: string
  /** The fields the data class has. */
  readonly available: readonly string[]
  /** The fields asked for; without it every available one. */
  readonly requested?: readonly string[]
  readonly purpose: string
  readonly at: Instant
  /** Where the data would go: ISO 3166-1 alpha-2 or ISO 3166-2. */
  readonly spatial?: string
  /** What a query would tell of whom. */
  readonly resultForm?: ResultForm
  /** How a query would link the tables that it reads. */
  readonly linkage?: Linkage
  /** The standing of the partner that would receive it, or that a project works for. Absent where no partner does. */
  readonly standing?: Standing
}

/** A consent in force: given, not withdrawn, not lapsed. Whoever asks has checked that. */
export interface Consent {
  readonly id: string
  readonly purpose: string
  /** Partner ids, or `*`. */
  readonly recipients: readonly string[]
  /** Record types, or `*`. */
  readonly dataClasses: readonly string[]
}

export interface World {
  /** Needed where `requiresConsent` says so; nothing else looks at it. */
  readonly consents: readonly Consent[]
  /** How often the act happened before, by `CountNeed.key`. A count that is missing is unknown, not zero. */
  readonly counts: ReadonlyMap<string, number>
  /** What stands in the way whatever permits it: the person's own opt-out, or a restriction. */
  readonly bar?: 'opted_out' | 'restricted' | undefined
  /** The moment `elapsedTime` is counted from: the beginning of the partner's access. */
  readonly accessSince?: Instant
}

export const emptyWorld: World = { consents: [], counts: new Map() }

/** A count that a rule asks for. */
export interface CountNeed {
  /** Names the count in `World.counts`. */
  readonly key: string
  readonly policy: string
  readonly rule: string
  /** Acts of the last so many seconds; without it all acts. */
  readonly windowSeconds?: number
  /** All acts of the partner under the rule, or only those on the same person. */
  readonly per: 'rule' | 'subject'
}
