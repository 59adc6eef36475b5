/** Runs a child process while showing that something happens: a spinner on a terminal, plain lines elsewhere. */
import { spawn } from 'node:child_process'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const plainEveryMs = 15_000

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Shows `label` with the seconds that pass until the returned function ends it with a word. */
function begin(label) {
  const since = Date.now()
  const terminal = process.stdout.isTTY
  if (!terminal) console.log(`${label} …`)
  let frame = 0
  const draw = () => {
    if (terminal) process.stdout.write(`\r\x1b[2K${frames[frame++ % frames.length]} ${label} … ${seconds(since)}`)
    else console.log(`${label} … ${seconds(since)}`)
  }
  const timer = setInterval(draw, terminal ? 100 : plainEveryMs)
  return (mark, word) => {
    clearInterval(timer)
    if (terminal) process.stdout.write('\r\x1b[2K')
    console.log(`${mark} ${label} (${word ? `${word}, ` : ''}${seconds(since)})`)
  }
}

/**
 * Runs a program quietly. Gives whether it succeeded and everything it wrote; the caller shows that where it helps.
 * @param {string} label @param {string} program @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function runQuietly(label, program, args, options = {}) {
  const end = begin(label)
  const result = await collect(program, args, options)
  end(result.ok ? '✓' : '✗', result.ok ? '' : 'failed')
  return result
}

/** The same without a line of its own, for steps that run side by side. */
export function collect(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ ok: false, output: `${output}${program}: ${error.message}` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

/** Runs a program whose output the reader wants to see; gives its exit status. */
export function runOpenly(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit' })
    // Ctrl-C reaches the child as well; this process only waits for it to end.
    const wait = () => undefined
    process.on('SIGINT', wait)
    const end = (code) => {
      process.off('SIGINT', wait)
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`)
      end(1)
    })
    child.on('close', (code, signal) => end(code ?? (signal ? 1 : 0)))
  })
}

/** Runs it quietly and ends this process with the child's words if it fails. */
export async function runOrExit(label, program, args, options = {}, advice = '') {
  const { ok, output } = await runQuietly(label, program, args, options)
  if (ok) return output
  console.error(output.trimEnd().split('\n').slice(-40).join('\n'))
  if (advice) console.error(`\n${advice}`)
  process.exit(1)
}
