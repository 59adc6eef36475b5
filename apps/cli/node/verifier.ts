/** Hands files over to the independent verifier. It is a program of its own and is run as one: nothing of this command can soften its verdict. */
import { spawn } from 'node:child_process'
import { programOf } from './programs.ts'

/** Hands the terminal to the verifier. @returns its exit code: 0 good, 1 bad, 2 cannot tell */
export function becomeVerifier(words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...programOf('verify'), ...words], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 2))
  })
}

interface Verified {
  /** 0 good, 1 bad, 2 cannot tell. */
  readonly exitCode: number
  readonly output: string
}

export interface VerifierReport {
  readonly verdict: 'good' | 'bad' | 'cannot_tell'
  readonly checks: readonly { readonly verdict: string; readonly place: string; readonly text: string }[]
}

/** Asks for a verdict and takes what the verifier says. */
function runVerifier(words: readonly string[]): Promise<Verified> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...programOf('verify'), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? 2, output }))
  })
}

/** @returns 0 good, 1 bad, 2 cannot tell */
export const verdictOn = async (words: readonly string[]): Promise<number> => (await runVerifier(words)).exitCode

/** The verdict with its checks. */
export async function reportOf(bundle: string, keyFile: string): Promise<VerifierReport & { exitCode: number }> {
  const { exitCode, output } = await runVerifier([bundle, '--key', keyFile, '--json'])
  return { ...(JSON.parse(output) as VerifierReport), exitCode }
}
