import type { Tx } from '@gatehouse/runtime/data/db'
import { peerNamed } from '../../federation/index.ts'

/** Whether anything is asked of the node, or told to it. Administrators here said so, and may take it back at any time. */
export const isPeer = async (tx: Tx, name: string): Promise<boolean> => (await peerNamed(tx, name))?.state === 'approved'
