/**
 * Checks an evidence bundle against keys from outside it. Shares no code with the writer; the cryptography is brought by the
 * caller, so the same checks run in the command and in a browser.
 */
import { type Checkpoint, noteCheckpoint, noWitnesses, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { checkEntry, checkOrder, type Entry } from '../entries.ts'
import { baseName, readKeys, type TrustedKey } from '../keys.ts'
import { Fault, judge, type Report, type Run } from '../report.ts'
import { checkChain, loggedHeads } from '../vault/chain.ts'
import { checkAbout } from './check-about.ts'
import { checkDocument } from './documents.ts'
import { type Bundle, parseBundle, readBundle } from './read.ts'
import { checkSeal } from './seal.ts'

/**
 * @param bundleText the bundle as it was received
 * @param keyText the key file: one C2SP verifier key a line
 */
export function verifyBundle(bundleText: string, keyText: string, cryptography: Cryptography, policy: WitnessPolicy = noWitnesses): Promise<Report> {
  return judge(async (run) => {
    await checkBundle(run, { text: bundleText, keys: await readKeys(keyText, cryptography), policy, cryptography })
  })
}

export interface BundleQuestion {
  readonly text: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
}

/** @returns the checkpoint that all is proven under, where it could be read @throws Fault, CannotTell */
export async function checkBundle(
  run: Run,
  { text, keys, policy, cryptography }: BundleQuestion,
): Promise<{ readonly checkpoint: Checkpoint | undefined; readonly created: string }> {
  const value = parseBundle(text)
  const bundle = readBundle(value)
  const checkpoint = await run.try(() => checkParts(run, bundle, keys, policy, cryptography))
  // The seal last: the parts above name the place of a change, the seal says only that there is one.
  await run.try(() => checkSeal(run, bundle, value, keys, cryptography))
  return { checkpoint, created: bundle.created }
}

async function checkParts(run: Run, bundle: Bundle, keys: readonly TrustedKey[], policy: WitnessPolicy, cryptography: Cryptography): Promise<Checkpoint> {
  const { origin, log, vault, documents } = bundle
  const checkpoint = await readCheckpoint(log.checkpoint, '/log/checkpoint', keys, policy, cryptography)
  if (checkpoint.origin !== origin)
    throw new Fault('/log/checkpoint', `the checkpoint is of ${JSON.stringify(checkpoint.origin)}, the bundle of ${JSON.stringify(origin)}`)
  noteCheckpoint(run, '/log/checkpoint', checkpoint, policy)

  const entries = await run.all(
    log.entries,
    '/log/entries',
    (number) => `${number} entries are canonical and stand in the log`,
    (entry, place) => checkEntry(entry, place, checkpoint, cryptography),
  )
  checkOrder(log.entries, entries)

  const vaultName = `${baseName(origin)}/vault`
  const vaultKeys = keys.filter((key) => key.name === vaultName).map((key) => key.publicKey)
  const heads = loggedHeads(entries)
  checkSubjects(bundle)
  if (vault.chains.length > 0 && vaultKeys.length === 0)
    run.note('cannot_tell', '/vault/chains', `the key file has no key named ${vaultName}, so nobody vouches for the blocks`)
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
  await run.try(() => {
    const told = checkAbout(bundle, entries)
    if (told !== undefined) run.note('good', '/about', told)
  })
  await checkStory(run, bundle, entries)
  return checkpoint
}

function checkSubjects({ vault }: Bundle): void {
  const seen = new Set<string>()
  vault.chains.forEach(({ subject }, at) => {
    if (seen.has(subject)) throw new Fault(`/vault/chains/${at}/subject`, 'the subject already has a chain in this bundle')
    seen.add(subject)
  })
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
