/** What every mode answers with: checks with their places, and one verdict over them. */

/** `cannot_tell`: nothing wrong was found, but something needed for a judgement is missing. */
export type Verdict = 'good' | 'bad' | 'cannot_tell'

export interface Check {
  readonly verdict: Verdict
  /** A file and a place in it, or a JSON pointer (RFC 6901); empty for the input as a whole. */
  readonly place: string
  readonly text: string
}

export interface StoryLine {
  readonly entry: number
  /** Proven by the log. */
  readonly at: string
  readonly type: string
  readonly decision?: string
  /** The exporter's own words: a help to the reader, proven by nothing. */
  readonly text: string
}

export interface Report {
  readonly verdict: Verdict
  readonly checks: readonly Check[]
  readonly story: readonly StoryLine[]
}

/** Something is wrong at a place of the input. */
export class Fault extends Error {
  readonly place: string
  constructor(place: string, text: string) {
    super(text)
    this.place = place
  }
}

/** Something needed for a judgement is missing: a file that cannot be read, a format that this verifier does not know. */
export class CannotTell extends Error {
  readonly place: string
  constructor(text: string, place = '') {
    super(text)
    this.place = place
  }
}

/** Faults that are told one by one; of a file with more, their number is told. */
const faultsMax = 200

/** Collects what the checks of one run find. */
export class Run {
  readonly checks: Check[] = []
  readonly story: StoryLine[] = []
  private faults = 0

  note(verdict: Verdict, place: string, text: string): void {
    if (verdict === 'bad' && ++this.faults > faultsMax) return
    this.checks.push({ verdict, place, text })
  }

  /** Whether nothing wrong was found so far. */
  get clean(): boolean {
    return this.faults === 0
  }

  report(): Report {
    const more = this.faults - faultsMax
    const checks = more > 0 ? [...this.checks, { verdict: 'bad' as const, place: '', text: `${more} more faults are not listed` }] : this.checks
    const lacking = checks.some((check) => check.verdict === 'cannot_tell') || checks.length === 0
    return { verdict: this.clean ? (lacking ? 'cannot_tell' : 'good') : 'bad', checks, story: this.story }
  }

  /** Runs one check that ends at its first fault. Gives its result, or `undefined` where it found one. */
  async try<R>(check: () => Promise<R> | R): Promise<R | undefined> {
    try {
      return await check()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.note('bad', error.place, error.message)
      return undefined
    }
  }

  /** Checks every item, notes each fault at its place, and one line if there was none. Gives the results of the good ones. */
  async all<T, R>(items: readonly T[], place: string, summary: (number: number) => string, check: (item: T, place: string) => Promise<R> | R): Promise<R[]> {
    const good: R[] = []
    let sound = 0
    for (const [at, item] of items.entries()) {
      await this.try(async () => {
        good.push(await check(item, `${place}/${at}`))
        sound++
      })
    }
    if (sound === items.length) this.note('good', place, summary(sound))
    return good
  }
}

/** Runs the checks of a mode to their end, or to the first thing that leaves nothing more to check. */
export async function judge(check: (run: Run) => Promise<void>): Promise<Report> {
  const run = new Run()
  try {
    await check(run)
  } catch (error) {
    if (error instanceof Fault) run.note('bad', error.place, error.message)
    else if (error instanceof CannotTell) run.note('cannot_tell', error.place, error.message)
    else throw error
  }
  return run.report()
}
