/** What the worker process can be asked. Numbers of the circuit travel as decimal text, leaves as 32 bytes each, one after the other. */
export interface Tasks {
  compile: { input: Record<never, never>; output: { verificationKey: string; rows: number } }
  leaves: { input: { openings: readonly { secret: string; until: string; group: string }[] }; output: { leaves: Uint8Array } }
  root: { input: { leaves: Uint8Array }; output: { root: string } }
  prove: {
    input: { publicInput: readonly string[]; secret: string; until: string; leaves: Uint8Array; place: number }
    output: { nullifier: string; proof: string }
  }
  verify: { input: { publicInput: readonly string[]; nullifier: string; proof: string }; output: { verdict: 'proven' | 'malformed' | 'not_proven' } }
  usage: { input: Record<never, never>; output: { cpuMs: number; peakMb: number } }
}

export type TaskName = keyof Tasks

/** Stages of a proof, in their order. */
export const stages = ['gathering', 'tree', 'compiling', 'proving'] as const
export type Stage = (typeof stages)[number]
