/**
 * Checks an evidence bundle against keys from outside it. Shares no code with the writer; the cryptography is brought by the
 * caller, so the same checks run in the command and in a browser.
 */
import { type Bundle, Fault, NotABundle, readBundle } from './bundle.ts'
import { BadKeyFile, type Checkpoint, readCheckpoint, readKeys, type TrustedKey } from './checkpoint.ts'
import type { Cryptography } from './cryptography.ts'
import { checkDocument } from './documents.ts'
import { checkEntry, checkOrder, type Entry } from './entries.ts'
import { checkChain, loggedHeads } from './vault.ts'

/** `cannot_tell`: nothing wrong was found, but something needed for a judgement is missing. */
export type Verdict = 'good' | 'bad' | 'cannot_tell'

export interface Check {
  readonly verdict: Verdict
  /** A JSON pointer (RFC 6901) into the bundle; empty for the bundle or the key file as a whole. */
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

/**
 * @param bundleText the bundle as it was received
 * @param keyText the key file: one C2SP verifier key a line
 */
export async function verifyBundle(bundleText: string, keyText: string, cryptography: Cryptography): Promise<Report> {
  const run = new Run()
  try {
    const keys = await readKeys(keyText, cryptography)
    await checkBundle(run, readBundle(bundleText), keys, cryptography)
  } catch (error) {
    if (error instanceof Fault) run.note('bad', error.place, error.message)
    else if (error instanceof NotABundle || error instanceof BadKeyFile) run.note('cannot_tell', '', error.message)
    else throw error
  }
  return { verdict: run.verdict(), checks: run.checks, story: run.story }
}

class Run {
  readonly checks: Check[] = []
  readonly story: StoryLine[] = []

  note(verdict: Verdict, place: string, text: string): void {
    this.checks.push({ verdict, place, text })
  }

  verdict(): Verdict {
    if (this.checks.some((check) => check.verdict === 'bad')) return 'bad'
    return this.checks.some((check) => check.verdict === 'cannot_tell') ? 'cannot_tell' : 'good'
  }

  /** Checks every item, notes each fault at its place, and one line if there was none. Gives the results of the good ones. */
  async all<T, R>(items: readonly T[], place: string, summary: (number: number) => string, check: (item: T, place: string) => Promise<R> | R): Promise<R[]> {
    const good: R[] = []
    for (const [at, item] of items.entries()) {
      try {
        good.push(await check(item, `${place}/${at}`))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        this.note('bad', error.place, error.message)
      }
    }
    if (good.length === items.length) this.note('good', place, summary(good.length))
    return good
  }
}

async function checkBundle(run: Run, bundle: Bundle, keys: readonly TrustedKey[], cryptography: Cryptography): Promise<void> {
  const { origin, log, vault, documents } = bundle
  const checkpoint = await readCheckpoint(log.checkpoint, origin, keys, cryptography)
  noteCheckpoint(run, origin, checkpoint)

  const entries = await run.all(
    log.entries,
    '/log/entries',
    (number) => `${number} entries are canonical and stand in the log`,
    (entry, place) => checkEntry(entry, place, checkpoint, cryptography),
  )
  checkOrder(bundle, entries)

  const vaultKeys = keys.filter((key) => key.name === `${origin}/vault`).map((key) => key.publicKey)
  const heads = loggedHeads(entries)
  checkSubjects(bundle)
  if (vault.chains.length > 0 && vaultKeys.length === 0)
    run.note('cannot_tell', '/vault/chains', `the key file has no key named ${origin}/vault, so nobody vouches for the blocks`)
  else
    await run.all(
      vault.chains,
      '/vault/chains',
      (number) => `${number} chains of vault blocks are whole, signed, and end where the log says`,
      (chain, place) => checkChain(chain, place, vaultKeys, heads, cryptography),
    )

  await run.all(
    documents,
    '/documents',
    (number) => `${number} documents are those that the log names`,
    (item, place) => checkDocument(item, place, entries, cryptography),
  )
  await checkStory(run, bundle, entries)
}

function checkSubjects({ vault }: Bundle): void {
  const seen = new Set<string>()
  vault.chains.forEach(({ subject }, at) => {
    if (seen.has(subject)) throw new Fault(`/vault/chains/${at}/subject`, 'the subject already has a chain in this bundle')
    seen.add(subject)
  })
}

function noteCheckpoint(run: Run, origin: string, { signed, size }: Checkpoint): void {
  if (signed) run.note('good', '/log/checkpoint', `the checkpoint of ${origin} over ${size} entries is signed by a key in the key file`)
  else run.note('cannot_tell', '/log/checkpoint', `no key in the key file signed this checkpoint of ${origin}`)
}

async function checkStory(run: Run, { story }: Bundle, entries: readonly Entry[]): Promise<void> {
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]))
  const lines = await run.all(
    story,
    '/story',
    (number) => `${number} lines of the story point to proven entries`,
    (line, place) => {
      const entry = byIndex.get(line.entry)
      if (entry === undefined) throw new Fault(`${place}/entry`, `entry ${line.entry} is not among the proven entries of the bundle`)
      const { index, at, type, decision } = entry
      return { entry: index, at, type, ...(decision === undefined ? {} : { decision }), text: line.text }
    },
  )
  run.story.push(...lines)
  const told = new Set(story.map((line) => line.entry))
  for (const entry of entries) if (!told.has(entry.index)) run.note('bad', entry.place, `no line of the story tells entry ${entry.index}`)
}
