/** Hands files over to the independent verifier. It is a program of its own and is run as one: nothing of this command can soften its verdict. */
import { spawn } from 'node:child_process'
import { programOf } from './programs.ts'

export interface Verified {
  /** 0 good, 1 bad, 2 cannot tell. */
  readonly exitCode: number
  readonly output: string
}

export interface VerifierReport {
  readonly verdict: 'good' | 'bad' | 'cannot_tell'
  readonly checks: readonly { readonly verdict: string; readonly place: string; readonly text: string }[]
}

export function runVerifier(bundle: string, keyFile: string, json: boolean): Promise<Verified> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...programOf('verify'), bundle, '--key', keyFile, ...(json ? ['--json'] : [])], {
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

/** The verdict with its checks. */
export async function reportOf(bundle: string, keyFile: string): Promise<VerifierReport & { exitCode: number }> {
  const { exitCode, output } = await runVerifier(bundle, keyFile, true)
  return { ...(JSON.parse(output) as VerifierReport), exitCode }
}
