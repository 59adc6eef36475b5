#!/usr/bin/env node
/** The command: `gatehouse-verify MODE … --key FILE`. Ends with 0 for good, 1 for bad, 2 for cannot tell. */
import { anchorMode } from './anchor/mode.ts'
import { bundleMode } from './bundle/mode.ts'
import type { Mode } from './command/mode.ts'
import { runCommand } from './command/run.ts'
import { consentMode } from './consent/mode.ts'
import { consistencyMode } from './consistency/mode.ts'
import { crateMode } from './crate/mode.ts'
import { erasureMode } from './erasure/mode.ts'
import { logMode } from './log/mode.ts'
import { proofMode } from './proof/mode.ts'
import { receiptMode } from './receipt/mode.ts'
import { vaultMode } from './vault/mode.ts'

const modes: readonly Mode[] = [logMode, proofMode, consistencyMode, vaultMode, bundleMode, crateMode, erasureMode, anchorMode, consentMode, receiptMode]

process.exitCode = await runCommand(process.argv.slice(2), modes, bundleMode)
