/** Reads the words of the command, runs the mode they name, prints its report, and gives the exit code. */
import { parseArgs } from 'node:util'
import { noWitnesses, type WitnessPolicy } from '../checkpoint.ts'
import { readKeys } from '../keys.ts'
import { CannotTell, type Report } from '../report.ts'
import { nodeCryptography, openLog, readBytes, readLines, readText } from './machine.ts'
import { fileMemory, memoryFile, noMemory } from './memory.ts'
import type { Call, Machine, Mode } from './mode.ts'
import { exitCodes, print } from './print.ts'

const keyFileBytesMax = 1024 * 1024

/** What every mode takes. */
const common = {
  key: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  quorum: { type: 'string' },
  memory: { type: 'string' },
  'no-memory': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const commonHelp = `Options of every mode:
  --key FILE      verifier keys, one a line, from a source you trust; may be given several times
  --witness VKEY  a witness that you trust, as its verifier key or a file of them; may be given several times
  --quorum N      how many of the witnesses must have cosigned; all of them unless given
  --memory FILE   where the checkpoints that you were shown are remembered; by default
                  ~/.local/state/gatehouse-verify/checkpoints.json
  --no-memory     neither remembers nor recalls
  --json          the report as JSON
Exit codes: 0 good, 1 bad, 2 cannot tell.`

export function usage(modes: readonly Mode[]): string {
  const width = Math.max(...modes.map(({ name, words }) => name.length + words.length + 1))
  const list = modes.map(({ name, words, summary }) => `  ${`${name} ${words}`.padEnd(width)}  ${summary}`)
  return `usage: gatehouse-verify MODE … --key FILE

Checks what a node claims, without the node: no account, no trust in its operator, one file, no network but where
you name an address.

${list.join('\n')}

gatehouse-verify MODE --help tells how each is used.

${commonHelp}`
}

const usageOf = ({ name, words, help }: Mode) => `usage: gatehouse-verify ${name} ${words} --key FILE [options]\n\n${help}\n\n${commonHelp}`

/** @param fallback the mode of words that name none */
export async function runCommand(words: readonly string[], modes: readonly Mode[], fallback: Mode): Promise<number> {
  const named = modes.find(({ name }) => name === words[0])
  const json = words.includes('--json')
  let report: Report
  try {
    const mode = named ?? fallback
    const { values, positionals } = parseArgs({
      args: [...(named === undefined ? words : words.slice(1))],
      options: { ...mode.options, ...common },
      allowPositionals: true,
    })
    if (values.help === true || words.length === 0) {
      console.log(named === undefined ? usage(modes) : usageOf(named))
      return words.length === 0 ? exitCodes.cannot_tell : 0
    }
    const [least, most] = mode.takes
    if (positionals.length < least || positionals.length > most) throw new CannotTell(`usage: gatehouse-verify ${mode.name} ${mode.words} --key FILE`)
    report = await mode.run({ positionals, values, machine: machineOf(values, json) })
  } catch (error) {
    if (!(error instanceof CannotTell) && !(error instanceof TypeError)) throw error
    report = { verdict: 'cannot_tell', checks: [{ verdict: 'cannot_tell', place: '', text: error.message }], story: [] }
  }
  endProgress()
  console.log(json ? JSON.stringify(report, null, 2) : print(report))
  return exitCodes[report.verdict]
}

function machineOf(values: Call['values'], quiet: boolean): Machine {
  const list = (value: Call['values'][string]) => (Array.isArray(value) ? value.map(String) : [])
  const keyText = async () => {
    const files = list(values.key)
    if (files.length === 0) throw new CannotTell('usage: the keys are missing: --key FILE, from a source you trust')
    return (await Promise.all(files.map((file) => readText(file, keyFileBytesMax)))).join('\n')
  }
  return {
    cryptography: nodeCryptography,
    readText,
    readBytes,
    readLines,
    openLog,
    keys: async () => readKeys(await keyText(), nodeCryptography),
    policy: () => policyOf(list(values.witness), values.quorum),
    memory:
      values['no-memory'] === true
        ? noMemory
        : fileMemory(typeof values.memory === 'string' ? values.memory : memoryFile(process.env), () => new Date().toISOString()),
    progress: quiet ? () => {} : showProgress,
  }
}

async function policyOf(named: readonly string[], quorum: unknown): Promise<WitnessPolicy> {
  if (named.length === 0) {
    if (quorum !== undefined) throw new CannotTell('--quorum says how many of the --witness keys must have cosigned; none was given')
    return noWitnesses
  }
  const texts = await Promise.all(named.map((text) => (/^[^\s+]+\+[0-9a-f]{8}\+/.test(text) ? text : readText(text, keyFileBytesMax))))
  const witnesses = await readKeys(texts.join('\n'), nodeCryptography)
  const other = witnesses.find(({ witness }) => !witness)
  if (other !== undefined) throw new CannotTell(`the key of ${other.name} is not the key of a witness`)
  const number = quorum === undefined ? witnesses.length : Number(quorum)
  if (!Number.isInteger(number) || number < 1 || number > witnesses.length) throw new CannotTell(`--quorum is a number from 1 to ${witnesses.length}`)
  return { witnesses, quorum: number }
}

const barWidth = 30
const progressEveryMs = 100
let shownAt = 0

function showProgress(done: number, total: number, what: string): void {
  const now = performance.now()
  if (!process.stderr.isTTY || (now - shownAt < progressEveryMs && done < total)) return
  shownAt = now
  const full = Math.floor((barWidth * done) / Math.max(total, 1))
  process.stderr.write(`\r${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${done} of ${total} ${what}`)
}

function endProgress(): void {
  if (shownAt > 0) process.stderr.write('\r\u001b[K')
}
