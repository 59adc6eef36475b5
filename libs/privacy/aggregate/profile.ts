/** What an output has to keep to. The named profiles carry the figures of the programmes they are named after. */
export interface Profile {
  readonly name: string
  /** Cells with fewer people are suppressed. */
  readonly threshold: number
  /** Whether an empty cell tells something: nobody of this row is in that column. */
  readonly zeros: 'safe' | 'disclosive'
  /** A sum is suppressed where its n largest contributions are more than the share k of it. */
  readonly dominance?: { readonly n: number; readonly k: number }
  /** A sum is suppressed where all but the two largest contributions are less than this share of the largest: the second could tell the first. */
  readonly pRatio?: number
  /** Whether a row or column whose people all lie in one cell is suppressed: knowing somebody's row would tell their column. */
  readonly groupDisclosure: boolean
  readonly rounding?: { readonly method: 'conventional' | 'random' | 'controlled'; readonly base: number }
  /**
   * `protected`: totals are those of all people, and further cells are suppressed until no suppressed one can be worked out.
   * `recomputed`: totals are those of what is shown, after rounding, and so tell nothing about the rest.
   */
  readonly totals: 'protected' | 'recomputed'
  /**
   * How uncertain an attacker is left about each cell suppressed for its own sake: the least width of the interval of possible values,
   * in people for counts, as a share of the value for sums.
   */
  readonly protection: { readonly count: number; readonly share: number }
}

/** Counts of 7 and below redacted, the rest rounded to 5, totals recomputed after rounding. */
export const openSafely: Profile = {
  name: 'OpenSAFELY',
  threshold: 8,
  zeros: 'safe',
  groupDisclosure: false,
  rounding: { method: 'conventional', base: 5 },
  totals: 'recomputed',
  protection: { count: 1, share: 0 },
}

/** Version 1.0.1: threshold 10, dominance of two at 90 %, p-ratio 10 %, zeros disclosive, rounding to 5. */
export const acro: Profile = {
  name: 'ACRO',
  threshold: 10,
  zeros: 'disclosive',
  dominance: { n: 2, k: 0.9 },
  pRatio: 0.1,
  groupDisclosure: true,
  rounding: { method: 'conventional', base: 5 },
  totals: 'protected',
  protection: { count: 10, share: 0.1 },
}

/** Table cells of fewer than 3. */
export const dataShield: Profile = {
  name: 'DataSHIELD',
  threshold: 3,
  zeros: 'safe',
  groupDisclosure: false,
  totals: 'protected',
  protection: { count: 1, share: 0 },
}

/** Where several profiles apply, the strictest of each rule does. */
export function strictest(first: Profile, ...others: readonly Profile[]): Profile {
  return others.reduce(stricter, first)
}

function stricter(left: Profile, right: Profile): Profile {
  const dominance = stricterOf(left.dominance, right.dominance, (a, b) => (a.n - b.n || b.k - a.k) > 0)
  const pRatio = stricterOf(left.pRatio, right.pRatio, (a, b) => a > b)
  const rounding = stricterOf(left.rounding, right.rounding, (a, b) => a.base > b.base)
  return {
    name: `${left.name} and ${right.name}`,
    threshold: Math.max(left.threshold, right.threshold),
    zeros: left.zeros === 'disclosive' ? left.zeros : right.zeros,
    ...(dominance === undefined ? {} : { dominance }),
    ...(pRatio === undefined ? {} : { pRatio }),
    groupDisclosure: left.groupDisclosure || right.groupDisclosure,
    ...(rounding === undefined ? {} : { rounding }),
    totals: left.totals === 'recomputed' ? left.totals : right.totals,
    protection: {
      count: Math.max(left.protection.count, right.protection.count),
      share: Math.max(left.protection.share, right.protection.share),
    },
  }
}

function stricterOf<Rule>(left: Rule | undefined, right: Rule | undefined, isStricter: (left: Rule, right: Rule) => boolean): Rule | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return isStricter(left, right) ? left : right
}
