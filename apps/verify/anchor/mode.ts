import { X509Certificate } from 'node:crypto'
import { noteCharactersMax } from '../checkpoint.ts'
import type { Machine, Mode } from '../command/mode.ts'
import { utf8 } from '../encoding.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { CannotTell, judge } from '../report.ts'
import { anchoredTopic, originTopic, readEvents } from './events.ts'
import { verifyTimeStamp } from './time-stamp.ts'
import { anchorFileBytesMax, verifyAnchors } from './verify.ts'

const rootsBytesMax = 1024 * 1024
const stampBytesMax = 1024 * 1024
const patienceMs = 30_000

export const anchorMode: Mode = {
  name: 'anchor',
  words: 'FILE | STAMP.tsr',
  summary: 'check what was made known outside: events on a chain, time stamps',
  takes: [1, 1],
  options: {
    roots: { type: 'string' },
    rpc: { type: 'string' },
    contract: { type: 'string' },
    'from-block': { type: 'string' },
    events: { type: 'string' },
    checkpoint: { type: 'string' },
    log: { type: 'string' },
  },
  help: `FILE is what GET /v1/anchors/file answers: anchored checkpoints, the receipt of each, and the proofs that the log only
grew between them. What a chain holds is asked of a node of your own, or read from events that you fetched yourself.

  gatehouse-verify anchor anchors.json --key keys.txt --roots authority.pem --rpc https://rpc.example --contract 0xabab…
  gatehouse-verify anchor stamp.tsr --checkpoint june.checkpoint --key keys.txt --roots authority.pem

  --roots FILE       certificates (PEM) of the time-stamp authorities you trust
  --rpc URL          a node of the chain; with --contract, and --from-block where the node wants one
  --events FILE      the events as JSON, as eth_getLogs answers, in their order
  --checkpoint FILE  for a single time stamp: what it is a stamp of
${againstHelp}`,
  run: ({ positionals: [file = ''], values, machine }) =>
    judge(async (run) => {
      const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined)
      const rootsFile = text('roots')
      const roots = rootsFile === undefined ? [] : readRoots(await machine.readText(rootsFile, rootsBytesMax))
      const checkpointFile = text('checkpoint')
      if (checkpointFile !== undefined) {
        if (roots.length === 0) throw new CannotTell('a time stamp needs the certificate of its authority: give it with --roots FILE')
        const stamped = await machine.readText(checkpointFile, noteCharactersMax)
        const { time, authority } = verifyTimeStamp(await machine.readBytes(file, stampBytesMax), utf8(stamped), roots, file)
        run.note('good', file, `${checkpointFile} existed at ${time}, says ${authority}`)
        return
      }
      const { keys, meet } = await readAgainst(run, machine, values.log)
      const checkpoints = await verifyAnchors(run, {
        text: await machine.readText(file, anchorFileBytesMax),
        keys,
        policy: await machine.policy(),
        cryptography: machine.cryptography,
        roots,
        chain: chainOf(machine, text('rpc'), text('contract'), text('from-block') ?? '0x0', text('events')),
      })
      // Those before it are shown by the file to be its beginnings.
      const last = checkpoints.at(-1)
      if (last !== undefined) await meet(last, '/anchors')
    }),
}

function chainOf(machine: Machine, rpc: string | undefined, contract: string | undefined, fromBlock: string, events: string | undefined) {
  if (events !== undefined) return async (origin: string) => readEvents(parse(await machine.readText(events, anchorFileBytesMax)), origin, 'events')
  if (rpc === undefined) return undefined
  if (contract === undefined) throw new CannotTell('--rpc needs --contract: the address that you know to be the anchoring contract')
  return async (origin: string) => {
    const filter = { address: contract, fromBlock, toBlock: 'latest', topics: [anchoredTopic, originTopic(origin)] }
    const said = await fetch(rpc, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [filter] }),
      signal: AbortSignal.timeout(patienceMs),
    })
      .then((answer) => answer.text())
      .catch((error: unknown) => {
        throw new CannotTell(`${rpc} cannot be asked: ${error instanceof Error ? error.message : String(error)}`)
      })
    const { result } = parse(said) as { result?: unknown }
    if (!Array.isArray(result)) throw new CannotTell(`${rpc} does not tell its events`)
    return readEvents(result, origin, 'chain')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CannotTell('the events are no JSON')
  }
}

function readRoots(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    if (found.length === 0) throw new TypeError('no certificate')
    return found.map((each) => new X509Certificate(each))
  } catch {
    throw new CannotTell('the file of --roots holds no certificates in PEM')
  }
}
